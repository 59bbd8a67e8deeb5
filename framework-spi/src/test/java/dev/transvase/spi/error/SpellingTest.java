package dev.transvase.spi.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

    private static final List<String> KNOWN = List.of("orders", "order_lines", "customer");

    private static void differ(String a, String b, int letters) {
        assertThat(Spelling.distance(a, b)).as(a + " to " + b).isEqualTo(letters);
        assertThat(Spelling.distance(b, a)).as(b + " to " + a).isEqualTo(letters);
    }

    @Test
    void countsLettersThatDiffer() {
        differ("", "", 0);
        differ("", "abc", 3);
        differ("abc", "ABC", 0);
        differ("Größe", "GRÖßE", 0);
        differ("abc", "abd", 1);
        differ("abc", "ac", 1);
        differ("acb", "abc", 1);
        differ("ca", "abc", 3);
        differ("kitten", "sitting", 3);
        differ("abcdef", "badcfe", 3);
    }

    @Test
    void findsWhatWasMeant() {
        assertThat(Spelling.nearest("oders", KNOWN)).contains("orders");
        assertThat(Spelling.nearest("odrers", KNOWN)).contains("orders");
        assertThat(Spelling.nearest("CUSTOMERS", KNOWN)).contains("customer");
        assertThat(Spelling.nearest("where", List.of("were", "there"))).contains("were");
    }

    @Test
    void offersNothingThatIsTooFar() {
        assertThat(Spelling.nearest("price", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("ab", List.of("cd"))).isEmpty();
        assertThat(Spelling.nearest("abc", List.of("abd"))).contains("abd");
        assertThat(Spelling.nearest("abcde", List.of("abxyz"))).isEmpty();
        assertThat(Spelling.nearest("a".repeat(60) + "bcde", List.of("a".repeat(60) + "wxyz")))
                .isEmpty();
        assertThat(Spelling.nearest("x", List.of())).isEmpty();
    }

    @Test
    void listsWhatIsKnownWhenNothingIsNear() {
        assertThat(Spelling.remedy("oders", KNOWN)).isEqualTo("did you mean `orders`?");
        assertThat(Spelling.remedy("price", KNOWN)).isEqualTo("known here: orders, order_lines, customer");
        assertThat(Spelling.remedy("price", List.of())).isEqualTo("nothing is allowed here");
    }
}
