package dev.transvase.cli.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataXOptionsTest {

    @Test
    void wordsAreWhatAShellWouldMakeOfThem() {
        assertThat(variables("-Da=1  -Db='x y' -Dc=\"d\\\"e\" -Df= -Dg=h=i -D\"j=k l\" -Dm=\\'n"))
                .isEqualTo(Map.of("a", "1", "b", "x y", "c", "d\"e", "f", "", "g", "h=i", "j", "k l", "m", "'n"));
        assertThat(variables("-Da='\\d+' -Db=\"\\d\"")).isEqualTo(Map.of("a", "\\d+", "b", "\\d"));
        assertThat(variables("")).isEmpty();
    }

    @Test
    void whatIsNoVariableIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> variables("-Da=1 secret"))
                .hasMessageContaining("-p takes variables only")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> variables("-Xmx1g")).hasMessageContaining("-p takes variables only");
        assertThatThrownBy(() -> variables("-D=1")).hasMessageContaining("-p takes variables only");
    }

    private static Map<String, String> variables(String text) {
        return DataXOptions.variables(List.of(text));
    }
}
