package org.ntk4j.kernel;

import java.util.Locale;

/** A kernel in words: name, shape, range, and for a kernel of one set of inputs trace and condition number. Never the matrix. */
final class KernelSummary {

    /** Beyond this size the condition number is left out: it would take more than a few seconds. */
    private static final int LARGEST = 3000;

    private KernelSummary() {
    }

    static String of(Kernel kernel) {
        int rows = kernel.rows();
        StringBuilder text = new StringBuilder(kernel.name() + ": " + rows + " × " + kernel.columns());
        if (rows > 0 && kernel.columns() > 0) {
            text.append(range(kernel));
        }
        if (kernel.isSymmetric() && rows > 0) {
            text.append(String.format(Locale.ROOT, ", trace %.6g", kernel.trace()));
            if (rows <= LARGEST) {
                text.append(", ").append(Spectrum.condition(kernel.spectrum().conditionNumber()));
            }
        }
        kernel.file().ifPresent(file -> text.append(", in ").append(file));
        kernel.notes().forEach(note -> text.append(System.lineSeparator()).append("  ").append(note));
        return text.toString();
    }

    private static String range(Kernel kernel) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < kernel.rows(); i++) {
            for (double value : kernel.row(i)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return String.format(Locale.ROOT, ", range %.6g to %.6g", min, max);
    }
}
