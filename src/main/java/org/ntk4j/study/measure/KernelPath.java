package org.ntk4j.study.measure;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Subject;

/**
 * How fast the tangent kernel moves: for each kernel recorded along training, from the one recorded before it (Θ_0 before
 * the first), {@code kernelVelocity}, the kernel distance over the number of steps between them (Fort et al. 2020), and
 * {@code kernelVelocityPerTime}, the same over the learning rate.
 */
public final class KernelPath {

    private KernelPath() {
    }

    public static void add(List<SubjectKernels> kernels, double learningRate, Measures measures) {
        List<SubjectKernels> path = kernels.stream()
                .filter(k -> k.subject() == Subject.NTK_INIT || k.subject() == Subject.NTK_TRAINED)
                .sorted(Comparator.comparing(SubjectKernels::step)
                        .thenComparing(SubjectKernels::subject)).toList();
        for (int i = 1; i < path.size(); i++) {
            SubjectKernels before = path.get(i - 1);
            SubjectKernels now = path.get(i);
            int steps = now.step().number().orElseThrow() - before.step().number().orElseThrow();
            OptionalDouble distance = KernelMetrics.kernelDistance(now.train(), before.train());
            if (steps > 0 && distance.isPresent() && measures.wants(now.subject(), before.subject())) {
                if (now.subject().equals(before.subject())) {
                    measures.add(now.subject(), before.subject(), SplitName.TRAIN, now.step(), Quantity.KERNEL_DISTANCE,
                            distance.getAsDouble());
                }
                measures.add(now.subject(), before.subject(), SplitName.TRAIN, now.step(), Quantity.KERNEL_VELOCITY,
                        distance.getAsDouble() / steps);
                measures.add(now.subject(), before.subject(), SplitName.TRAIN, now.step(), Quantity.KERNEL_VELOCITY_PER_TIME,
                        distance.getAsDouble() / steps / learningRate);
            }
        }
    }
}
