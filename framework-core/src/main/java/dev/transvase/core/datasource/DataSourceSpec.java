package dev.transvase.core.datasource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.parameter.Masks;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.Problems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A data source as written down: an entry of the data sources file, or what a job file gives in its place.
 *
 * @param name its name; empty for one that a job file holds
 * @param type its {@code type}; empty for one that a job file holds, whose step type tells it
 * @param parameters the entry without its {@code type}; references such as {@code ${env:NAME}} are still in it
 * @param path where it stands, for example {@code datasources.json: datasources.shop}
 * @param literal keys whose texts are taken as they are: what looks like a reference in them is none
 * @param baseFolder where relative paths start, absolute
 */
public record DataSourceSpec(
        String name, String type, ObjectNode parameters, String path, Set<String> literal, Path baseFolder) {

    public DataSourceSpec {
        literal = Set.copyOf(literal);
    }

    /** The same with the type that its step type asks for. */
    public DataSourceSpec withType(String type) {
        return new DataSourceSpec(name, type, parameters, path, literal, baseFolder);
    }

    /** Whether the other one says the same, perhaps under another name. */
    public boolean saysTheSameAs(DataSourceSpec other) {
        return type.equals(other.type)
                && parameters.equals(other.parameters)
                && literal.equals(other.literal)
                && baseFolder.equals(other.baseFolder);
    }

    /**
     * Makes the parameter record of a {@code DataSourceType}. What must not be shown of it is added to the masks of {@code
     * problems}. Only now are environment variables and files looked at, so
     * that those of other data sources need not exist. Blocks on the disk.
     *
     * @return empty after an error, which is then in {@code problems}
     */
    public <R extends Record> Optional<R> bind(Class<R> record, Problems problems) {
        return bind(record, System::getenv, problems);
    }

    <R extends Record> Optional<R> bind(Class<R> record, UnaryOperator<String> environment, Problems problems) {
        int before = problems.errors().size();
        References references = new References(baseFolder, environment, problems);
        ObjectNode resolved = references.resolve(parameters, literal, path);
        UrlSecrets.mask(resolved, problems.masks());
        if (problems.errors().size() > before) {
            return Optional.empty();
        }
        ParameterBinder.Leniency leniency = new ParameterBinder.Leniency(Set.of(), references.resolved());
        return ParameterBinder.bind(record, resolved, path, baseFolder, problems, leniency);
    }

    /** What must not be shown of what is written there itself; what references lead to is not looked up. */
    public Masks secrets() {
        Masks masks = new Masks();
        UrlSecrets.mask(parameters, masks);
        return masks;
    }

    /** Leaves the parameters out: there may be a password among them. */
    @Override
    public String toString() {
        return "DataSourceSpec[name=" + name + ", type=" + type + ", path=" + path + "]";
    }
}
