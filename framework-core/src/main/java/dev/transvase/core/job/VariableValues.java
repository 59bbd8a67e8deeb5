package dev.transvase.core.job;

import java.util.Map;
import java.util.Set;

/**
 * What stands for the variables of a job file.
 *
 * @param given by name; they come before those of the schedule
 * @param spare names of given ones that a job need not have, because another tool gives them to every job
 * @param schedule gives the scheduling variables their values
 */
public record VariableValues(Map<String, String> given, Set<String> spare, ScheduleTime schedule) {

    public VariableValues {
        given = Map.copyOf(given);
        spare = Set.copyOf(spare);
    }
}
