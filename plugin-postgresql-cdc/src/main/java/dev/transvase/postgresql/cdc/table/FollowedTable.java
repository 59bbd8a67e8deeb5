package dev.transvase.postgresql.cdc.table;

import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import java.util.Optional;

/**
 * A table of the job.
 *
 * @param index in the plan
 * @param table its name; of a partitioned table the root's
 * @param allColumns whether columns that are added later are meant too
 * @param schema as it was planned
 * @param shape as it was planned
 * @param target where its rows are written; empty when that is not known
 */
public record FollowedTable(
        int index, TableName table, boolean allColumns, Schema schema, Shape shape, Optional<String> target) {}
