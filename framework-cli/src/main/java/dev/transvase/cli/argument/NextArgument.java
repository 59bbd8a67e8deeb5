package dev.transvase.cli.argument;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Takes the argument that follows an option as one of its values, also when it looks like an option itself. */
final class NextArgument implements IParameterPreprocessor {

    @Override
    @SuppressWarnings("JdkObsolete") // the type is picocli's
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> information) {
        if (arguments.isEmpty()) {
            return false; // picocli says that the value is missing
        }
        List<Object> values = new ArrayList<>(option.<List<Object>>getValue());
        values.add(arguments.pop());
        option.setValue(values);
        return true;
    }
}
