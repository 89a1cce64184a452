package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Drawn;
import org.ntk4j.study.measure.Modes;
import org.ntk4j.study.measure.SubjectKernels;

/** What a cell keeps of its kernels for the report alone. */
final class DrawnKernels {

    /** As many examples show the blocks of ten classes, and a file stays below 20 kB. */
    private static final int EXAMPLES = 48;

    private DrawnKernels() {
    }

    static Drawn of(List<SubjectKernels> kernels, double[][] targets, int[] labels, KernelStore store, String cell) {
        List<CellResult.Eigenvalues> energies = new ArrayList<>();
        List<Drawn.Thinned> thinned = new ArrayList<>();
        int[] examples = examples(labels);
        int[] classes = IntStream.of(examples).map(i -> labels[i]).toArray();
        for (SubjectKernels k : kernels) {
            if (k.fit().hasEigen()) {
                energies.add(new CellResult.Eigenvalues(k.subject(), k.step(), energy(k.eigen(), targets)));
            }
            // Of kernels along training the last one stands first.
            boolean first = thinned.stream().noneMatch(t -> t.subject().equals(k.subject()));
            boolean cheap = k.train().isInHeap() || k.train().file().isPresent();
            if (first && cheap && k.subject() != Subject.NNGP_INFINITE) {
                String file = store.thinned(cell, k.at().toString(), part(k.train(), examples),
                        examples.length);
                thinned.add(new Drawn.Thinned(k.subject(), k.step(), file, examples, classes));
            }
        }
        return new Drawn(energies, thinned);
    }

    /** Evenly from all, ordered by class. */
    private static int[] examples(int[] labels) {
        int[] byClass = IntStream.range(0, labels.length).boxed().sorted(Comparator.comparingInt((Integer i) -> labels[i])).mapToInt(i -> i)
                .toArray();
        int count = Math.min(EXAMPLES, labels.length);
        return IntStream.range(0, count).map(i -> byClass[(int) ((long) i * labels.length / count)]).toArray();
    }

    private static double[] part(Kernel kernel, int[] examples) {
        double[] values = new double[examples.length * examples.length];
        for (int i = 0; i < examples.length; i++) {
            for (int j = 0; j < examples.length; j++) {
                values[i * examples.length + j] = kernel.get(examples[i], examples[j]);
            }
        }
        return values;
    }

    /** {@code Σ_c (q_i · y_c)²/‖y‖²}: over all directions they sum to 1. */
    private static double[] energy(SymmetricEigen eigen, double[][] targets) {
        double[] energies = Modes.energies(eigen, targets, eigen.size());
        double all = IntStream.range(0, energies.length).mapToDouble(i -> energies[i]).sum();
        return IntStream.range(0, energies.length).mapToDouble(i -> all > 0 ? energies[i] / all : 0).toArray();
    }
}
