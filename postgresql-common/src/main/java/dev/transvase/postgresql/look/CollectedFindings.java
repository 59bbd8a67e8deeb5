package dev.transvase.postgresql.look;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is wrong; warnings are for who checks the job. */
public final class CollectedFindings implements Checks {

    private final List<Finding> findings = new ArrayList<>();

    /** What was found, in its order. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /**
     * Goes on only when nothing was found.
     *
     * @throws TransvaseException USER with the first finding
     */
    public void requireNone() {
        if (!findings.isEmpty()) {
            Finding first = findings.get(0);
            throw TransvaseException.of(
                    first.code(), first.remedy().isEmpty() ? first.message() : first.message() + "; " + first.remedy());
        }
    }

    @Override
    public void error(String parameter, ErrorCode code, String message, String remedy) {
        findings.add(Finding.of(code, message, remedy));
    }

    @Override
    public void error(String parameter, Finding finding) {
        findings.add(finding);
    }

    @Override
    public void warning(String parameter, String message) {
        // Told when the job is checked.
    }

    @Override
    public boolean failed() {
        return !findings.isEmpty();
    }
}
