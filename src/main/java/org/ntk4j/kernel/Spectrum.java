package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.Locale;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;

/**
 * The eigenvalues of a kernel of one set of inputs with itself, and what they say together. Measures that need a
 * distribution count negative eigenvalues (rounding) as 0.
 */
public final class Spectrum {

    private final double[] descending;

    private Spectrum(double[] descending) {
        this.descending = descending;
    }

    /** From eigenvalues in any order. */
    public static Spectrum of(double[] eigenvalues) {
        Required.value(eigenvalues, "eigenvalues");
        if (eigenvalues.length == 0) {
            throw Failure.input("an empty kernel has no spectrum");
        }
        double[] sorted = eigenvalues.clone();
        Arrays.sort(sorted);
        for (int i = 0, j = sorted.length - 1; i < j; i++, j--) {
            double value = sorted[i];
            sorted[i] = sorted[j];
            sorted[j] = value;
        }
        return new Spectrum(sorted);
    }

    /** The eigenvalues, largest first, as a copy. */
    public double[] eigenvalues() {
        return descending.clone();
    }

    /** How many there are. */
    public int size() {
        return descending.length;
    }

    /** Their sum. */
    public double trace() {
        return Arrays.stream(descending).sum();
    }

    /** The smallest; negative by rounding, or where the kernel is not positive semidefinite. */
    public double minEigenvalue() {
        return descending[descending.length - 1];
    }

    /** The largest. */
    public double maxEigenvalue() {
        return descending[0];
    }

    /** {@code λ_max/λ_min}; infinite where the smallest is not positive. */
    public double conditionNumber() {
        return minEigenvalue() > 0 ? maxEigenvalue() / minEigenvalue() : Double.POSITIVE_INFINITY;
    }

    /** {@code exp(−Σ p ln p)} with {@code p = λ/Σλ} (Roy and Vetterli 2007); 0 for a kernel of zeros. */
    public double effectiveRank() {
        double scale = Math.max(descending[0], 0);
        double sum = positive(scale, 1);
        double entropy = 0;
        for (double value : descending) {
            double p = value > 0 ? value / scale / sum : 0;
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return sum > 0 ? Math.exp(entropy) : 0;
    }

    /** {@code (Σλ)²/Σλ²}; 0 for a kernel of zeros. */
    public double participationRatio() {
        double scale = Math.max(descending[0], 0);
        double sum = positive(scale, 1);
        return sum > 0 ? sum * sum / positive(scale, 2) : 0;
    }

    /** {@code tr K(K + r)⁻¹}: how many directions a regression with the absolute ridge r can use. */
    public double effectiveDimension(double ridge) {
        double sum = 0;
        for (double value : descending) {
            sum += value > 0 ? value / (value + ridge) : 0;
        }
        return sum;
    }

    /** {@code condition number 3.2e+05}, in words where the smallest eigenvalue is none above 0. */
    public static String condition(double number) {
        return Double.isInfinite(number) ? "condition number unbounded" : String.format(Locale.ROOT, "condition number %.3g", number);
    }

    private double positive(double scale, int power) {
        double sum = 0;
        for (double value : descending) {
            sum += value > 0 ? Math.pow(value / scale, power) : 0;
        }
        return sum;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "spectrum of %d eigenvalues, %.4g … %.4g, trace %.4g, %s, "
                + "effective rank %.1f, participation ratio %.1f", size(), maxEigenvalue(), minEigenvalue(), trace(),
                condition(conditionNumber()), effectiveRank(), participationRatio());
    }
}
