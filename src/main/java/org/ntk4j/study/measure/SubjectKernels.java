package org.ntk4j.study.measure;

import org.ntk4j.inference.Fit;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.result.SubjectAt;

/**
 * A kernel on both sets.
 *
 * @param step  the training step of an empirical kernel; none for a closed form
 * @param train K(train, train)
 * @param test  K(test, train)
 * @param fit   its regression
 */
public record SubjectKernels(Subject subject, Step step, Kernel train, Kernel test, Fit fit) {

    /** Which kernel it is. */
    public SubjectAt at() {
        return new SubjectAt(subject, step);
    }

    /** Whether the eigendecomposition is there already. */
    public boolean hasEigen() {
        return fit.hasEigen() && fit.kernel().features().isEmpty();
    }

    /** The eigendecomposition of K(train, train), made when first asked for; a regression may have taken features in its place. */
    public SymmetricEigen eigen() {
        return fit.kernel().features().isPresent() ? SymmetricEigen.of(train.values(), train.rows()) : fit.eigen();
    }
}
