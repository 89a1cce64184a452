package org.ntk4j.report;

import java.util.Locale;

/** Where a run stands. */
public enum Status {
    /** Under way, or its process was killed. */
    RUNNING,
    /** Finished. */
    DONE,
    /** Ended by the user; it can be resumed. */
    INTERRUPTED,
    /** Ended by a mistake; it can be resumed. */
    FAILED;

    /** {@code running}, {@code done}, {@code interrupted} or {@code failed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
