package org.ntk4j.study.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.EmpiricalSource;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.kernel.Estimate;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.KernelSample;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.result.SubjectAt;
import org.ntk4j.solver.BlockLanczos;
import org.ntk4j.study.option.StatisticsOption;

/** What is estimated of tangent kernels that are not stored: each with the labels, and with each other kernel. */
public final class SampledKernels {

    private static final long SEED = 0;
    /** Relative, of the largest eigenvalue. */
    private static final double TOLERANCE = 1e-4;

    private final StatisticsOption option;
    private final Sample sample;
    private final long held;
    private final Measures measures;
    private final Function<SubjectAt, Path> folders;
    private final Monitor monitor;
    private final List<Sampled> sampled = new ArrayList<>();

    private record Sampled(Subject subject, Step step, KernelSample rows) {
    }

    /**
     * Estimates for a cell.
     *
     * @param folders where a kernel's products are kept until the cell is done
     */
    public SampledKernels(StatisticsOption option, Sample sample, long held, Measures measures, Function<SubjectAt, Path> folders,
            Monitor monitor) {
        this.option = option;
        this.sample = sample;
        this.held = held;
        this.measures = measures;
        this.folders = folders;
        this.monitor = monitor;
    }

    /** The tangent kernel of a network at a step. */
    public void add(Subject subject, Step step, FiniteNetwork network) {
        Kernel kernel = EmpiricalSource.kept(subject.toString(), network, sample.train().inputs(), held,
                folders.apply(new SubjectAt(subject, step)), monitor);
        KernelSample rows = KernelSample.of(kernel, option.samples(), SEED);
        sampled.add(new Sampled(subject, step, rows));
        measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.TRACE, rows.trace().value());
        add(subject, Subject.NONE, step, Quantity.FROBENIUS_NORM, rows.frobenius());
        add(subject, Subject.NONE, step, Quantity.PARTICIPATION_RATIO, rows.participationRatio());
        if (measures.wants(subject, Subject.LABELS)) {
            add(subject, Subject.LABELS, step, Quantity.ALIGNMENT, rows.alignment(sample.train().targets()));
        }
        try (KernelProduct product = kernel.product(monitor)) {
            measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.MAX_EIGENVALUE,
                    BlockLanczos.largest(product, TOLERANCE, monitor));
            if (option.probes() > 0) {
                add(subject, Subject.NONE, step, Quantity.EFFECTIVE_RANK, rows.effectiveRank(product, option.probes(), SEED, monitor));
            }
        }
    }

    /** Each with the others, and with the kernels that are read whole. */
    public void compare(List<SubjectKernels> whole) {
        List<Sampled> references = new ArrayList<>(sampled);
        whole.stream().filter(k -> sampled.stream().anyMatch(s -> measures.wants(s.subject, k.subject())))
                .forEach(k -> references.add(new Sampled(k.subject(), k.step(), KernelSample.of(k.train(), option.samples(), SEED))));
        for (Sampled a : sampled) {
            for (Sampled b : references) {
                if (a.subject != b.subject && measures.wants(a.subject, b.subject)) {
                    add(a.subject, b.subject, a.step, Quantity.RELATIVE_FROBENIUS, a.rows.relativeFrobenius(b.rows));
                    add(a.subject, b.subject, a.step, Quantity.KERNEL_DISTANCE, a.rows.kernelDistance(b.rows));
                    add(a.subject, b.subject, a.step, Quantity.CKA, a.rows.cka(b.rows));
                }
            }
        }
    }

    private void add(Subject subject, Subject reference, Step step, Quantity quantity, Estimate estimate) {
        measures.add(subject, reference, SplitName.TRAIN, step, quantity, estimate.value());
        measures.add(subject, reference, SplitName.TRAIN, step, quantity.low(), estimate.low());
        measures.add(subject, reference, SplitName.TRAIN, step, quantity.high(), estimate.high());
    }
}
