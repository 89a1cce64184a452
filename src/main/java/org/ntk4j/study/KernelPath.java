package org.ntk4j.study;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.ntk4j.kernel.KernelMetrics;

/**
 * How fast the tangent kernel moves: for each kernel recorded along training, from the one recorded before it (Θ_0 before
 * the first), {@code kernelVelocity}, the kernel distance over the number of steps between them (Fort et al. 2020), and
 * {@code kernelVelocityPerTime}, the same over the learning rate.
 */
final class KernelPath {

    private KernelPath() {
    }

    static void add(List<Measures.SubjectKernels> kernels, double learningRate, Measures measures) {
        List<Measures.SubjectKernels> path = kernels.stream()
                .filter(k -> k.subject().equals(Subjects.NTK_INIT) || k.subject().equals(Subjects.NTK_TRAINED))
                .sorted(Comparator.comparingInt((Measures.SubjectKernels k) -> Integer.parseInt(k.step()))
                        .thenComparing(Measures.SubjectKernels::subject)).toList();
        for (int i = 1; i < path.size(); i++) {
            Measures.SubjectKernels before = path.get(i - 1);
            Measures.SubjectKernels now = path.get(i);
            int steps = Integer.parseInt(now.step()) - Integer.parseInt(before.step());
            OptionalDouble distance = KernelMetrics.kernelDistance(now.train(), before.train());
            if (steps > 0 && distance.isPresent() && measures.wants(now.subject(), before.subject())) {
                if (now.subject().equals(before.subject())) {
                    measures.add(now.subject(), before.subject(), "train", now.step(), "kernelDistance", distance.getAsDouble());
                }
                measures.add(now.subject(), before.subject(), "train", now.step(), "kernelVelocity", distance.getAsDouble() / steps);
                measures.add(now.subject(), before.subject(), "train", now.step(), "kernelVelocityPerTime",
                        distance.getAsDouble() / steps / learningRate);
            }
        }
    }
}
