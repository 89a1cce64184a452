package org.ntk4j.study.measure;

import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * A function on both sets.
 *
 * @param step     the training step; none for a regression at infinity
 * @param recorded whether the step is that of the kernel, recorded along training, and the function is its regression's limit
 */
public record SubjectFunction(Subject subject, Step step, double[][] train, double[][] test, boolean recorded) {
    /** A function at a step of its own. */
    public SubjectFunction(Subject subject, Step step, double[][] train, double[][] test) {
        this(subject, step, train, test, false);
    }

    /** Whether it is trained like the network: in steps. */
    public boolean isNetwork() {
        return subject == Subject.NETWORK || subject == Subject.LINEARIZED || subject == Subject.QUADRATIC;
    }
}
