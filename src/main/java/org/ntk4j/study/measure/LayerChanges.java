package org.ntk4j.study.measure;

import java.util.Map;
import java.util.Objects;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * How each layer's share of the tangent kernel on the training set changes from Θ_0 to Θ_T. The shares of all layers add up to the kernel.
 * A metric's name ends with the layer, {@code alignment/2.dense}: {@code share} is the quotient of traces, {@code alignment},
 * {@code effectiveRank}, {@code kernelDistance} and {@code relativeFrobenius} are what they are for whole kernels.
 */
public final class LayerChanges {

    private LayerChanges() {
    }

    /** Adds the rows of both kernels, {@code [layer] → K(train, train)}; the trained one may be empty. */
    public static void add(Map<String, Kernel> initial, Map<String, Kernel> trained, Step lastStep, double[][] targets, Measures measures) {
        of(Subject.NTK_INIT, Step.START, initial, targets, measures);
        of(Subject.NTK_TRAINED, lastStep, trained, targets, measures);
        trained.forEach((layer, now) -> {
            Kernel before = Objects.requireNonNull(initial.get(layer), layer);
            KernelMetrics.kernelDistance(now, before)
                    .ifPresent(d -> measures.add(Subject.NTK_TRAINED, Subject.NTK_INIT, SplitName.TRAIN, lastStep,
                            Quantity.KERNEL_DISTANCE.ofLayer(layer), d));
            KernelMetrics.relativeFrobenius(now, before)
                    .ifPresent(d -> measures.add(Subject.NTK_TRAINED, Subject.NTK_INIT, SplitName.TRAIN, lastStep,
                            Quantity.RELATIVE_FROBENIUS.ofLayer(layer),
                            d));
        });
    }

    private static void of(Subject subject, Step step, Map<String, Kernel> layers, double[][] targets, Measures measures) {
        double all = layers.values().stream().mapToDouble(LayerChanges::trace).sum();
        layers.forEach((layer, k) -> {
            measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.SHARE.ofLayer(layer), trace(k) / all);
            measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.EFFECTIVE_RANK.ofLayer(layer), k.spectrum()
                    .effectiveRank());
            LabelMetrics.alignment(k, targets)
                    .ifPresent(a -> measures.add(subject, Subject.LABELS, SplitName.TRAIN, step, Quantity.ALIGNMENT.ofLayer(layer), a));
        });
    }

    private static double trace(Kernel k) {
        double trace = 0;
        for (int i = 0; i < k.rows(); i++) {
            trace += k.get(i, i);
        }
        return trace;
    }
}
