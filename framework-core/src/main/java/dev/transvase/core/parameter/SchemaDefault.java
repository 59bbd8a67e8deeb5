package dev.transvase.core.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;

/** A default as a value of its own JSON type, where a job file may also write it as a string. */
final class SchemaDefault {

    private SchemaDefault() {}

    static JsonNode of(ParameterRecord.Key key) {
        String text = key.rules().defaultValue();
        ValueType type = key.type().present();
        if (type == ValueType.Scalar.BOOLEAN) {
            return BooleanNode.valueOf(Boolean.parseBoolean(text));
        } else if (type == ValueType.Scalar.INT || type == ValueType.Scalar.LONG) {
            return LongNode.valueOf(Long.parseLong(text));
        } else if (type == ValueType.Scalar.DOUBLE) {
            return DecimalNode.valueOf(new BigDecimal(text));
        }
        return type instanceof ValueType.Scalar ? TextNode.valueOf(text) : key.defaultValue();
    }
}
