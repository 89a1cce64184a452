package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.result.SubjectAt;
import org.ntk4j.solver.BlockLanczos;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.measure.SubjectKernels;
import org.ntk4j.study.option.SpectrumOption;

/**
 * As many eigenvalues of each kernel as are wanted: from an eigendecomposition if it is there or all are wanted, else the largest by
 * Lanczos' recursion.
 */
final class CellSpectra {

    /** Below this many rows an eigendecomposition takes less than a few seconds. */
    private static final int LARGE = 3000;
    /** Seconds for the cube of the rows; measured on two cores. */
    private static final double PER_CUBE = 1.1e-10;

    private final SpectrumOption option;
    private final Monitor monitor;
    private final Map<SubjectAt, Spectrum> spectra = new LinkedHashMap<>();

    CellSpectra(SpectrumOption option, Monitor monitor) {
        this.option = option;
        this.monitor = monitor;
    }

    Map<SubjectAt, Spectrum> all() {
        return spectra;
    }

    void add(SubjectKernels k) {
        int rows = k.train().rows();
        int wanted = option.of(rows);
        if (wanted == 0) {
            return;
        }
        double[] values;
        if (wanted == rows || k.hasEigen()) {
            if (!k.hasEigen() && rows >= LARGE) {
                monitor.note(String.format(Locale.ROOT, "eigendecomposition of %s, %d × %d: about %.0f s", k.subject().symbol(), rows, rows,
                        PER_CUBE * Math.pow(rows, 3)));
            }
            values = Arrays.copyOf(Spectrum.of(k.eigen().values()).eigenvalues(), wanted);
        } else {
            try (KernelProduct product = k.train().product(monitor)) {
                values = BlockLanczos.of(product, wanted, monitor).values();
            }
        }
        spectra.put(k.at(), Spectrum.of(values));
    }

    /** For {@code spectrum.csv}, in the order of the kernels. */
    List<CellResult.Eigenvalues> of(List<SubjectKernels> kernels) {
        List<CellResult.Eigenvalues> eigenvalues = new ArrayList<>();
        kernels.stream().filter(k -> spectra.containsKey(k.at())).forEach(k -> eigenvalues.add(
                new CellResult.Eigenvalues(k.subject(), k.step(), Objects.requireNonNull(spectra.get(k.at())).eigenvalues())));
        return eigenvalues;
    }
}
