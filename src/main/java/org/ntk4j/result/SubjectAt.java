package org.ntk4j.result;

/** A function or kernel at a moment. */
public record SubjectAt(Subject subject, Step step) {

    /** {@code ntk.trained.120}, {@code ntk.infinite}. */
    @Override
    public String toString() {
        return step.isNone() ? subject.toString() : subject + "." + step;
    }
}
