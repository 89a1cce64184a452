package org.ntk4j.study.finding;

import java.util.List;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * What a cell keeps for its report alone.
 *
 * @param energies by kernel, the share of the targets' energy along each eigenvector, largest eigenvalue first
 * @param thinned  kernels between a few training examples, ordered by class
 */
public record Drawn(List<CellResult.Eigenvalues> energies, List<Thinned> thinned) {

    /** Nothing. */
    public static final Drawn NONE = new Drawn(List.of(), List.of());

    /**
     * A kernel in a file of its own.
     *
     * @param file     within the folder of the run
     * @param examples their places in the training set
     * @param labels   their classes
     */
    public record Thinned(Subject subject, Step step, String file, int[] examples, int[] labels) {
    }
}
