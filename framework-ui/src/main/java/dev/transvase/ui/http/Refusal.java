package dev.transvase.ui.http;

import dev.transvase.spi.error.TransvaseException;

/** Why a request is not done. Its message is shown to whoever asked, so it holds no secret. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String remedy;

    private Refusal(int status, String code, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.remedy = remedy;
    }

    /** The request itself is wrong: 400. */
    public static Refusal bad(String code, String message) {
        return new Refusal(400, code, message, "", null);
    }

    /** Nothing tells who asks: 401. */
    public static Refusal unknownUser(String message) {
        return new Refusal(401, "NOT_LOGGED_IN", message, "", null);
    }

    /** Nobody may ask so: 403. */
    public static Refusal forbidden(String code, String message) {
        return new Refusal(403, code, message, "", null);
    }

    /** What is asked for is not there: 404. */
    public static Refusal missing(String message) {
        return new Refusal(404, "NOT_FOUND", message, "", null);
    }

    /** It does not fit what is there now: 409. */
    public static Refusal conflict(String code, String message, String remedy) {
        return new Refusal(409, code, message, remedy, null);
    }

    /** Somebody else was first: 412. */
    public static Refusal changed(String message) {
        return new Refusal(412, "CHANGED_MEANWHILE", message, "load it again, and make the change there", null);
    }

    /** Asked too often: 429. */
    public static Refusal tooOften(String message) {
        return new Refusal(429, "TOO_MANY_ATTEMPTS", message, "", null);
    }

    /** A system outside failed, such as a disk or a database: 502. */
    public static Refusal outside(String code, String message, Throwable cause) {
        return new Refusal(502, code, message, "", cause);
    }

    /** What a command would tell on standard error. */
    public static Refusal of(TransvaseException e) {
        int status = switch (e.type()) {
            case USER -> 422;
            case EXTERNAL -> 502;
            case INTERNAL -> 500;
        };
        return new Refusal(status, e.code(), e.getMessage(), "", e);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What went wrong as a constant. */
    public String code() {
        return code;
    }

    /** What to do about it; may be empty. */
    public String remedy() {
        return remedy;
    }
}
