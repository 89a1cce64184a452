package org.ntk4j.gaussian.quadrature;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;

/**
 * The {@link Series} of a smooth function. Its coefficients come from the trapezoidal rule, which converges exponentially here, at points
 * of a grid in the logarithm of the deviation, and between these by interpolation. A series ends where the coefficients of its variance no
 * longer count; where they still do at the last one, correlations near ±1 are left to a quadrature.
 */
public final class HermiteSeries implements Series, Quadrature {

    private static final int MOST = HermiteCoefficients.MOST;
    private static final int PER_UNIT = 12;
    /** Logarithms of the deviations in the table. */
    private static final int LEAST = -8;
    private static final int LARGEST = 4;
    /** Below this deviation coefficients are quadratic in the variance. */
    private static final double SMALL = 1e-3;
    /** What the last coefficients may add to the sum of squares of all. */
    private static final double CONVERGED = 1e-11;
    private static final int LAST = 64;
    /** The largest correlation of a series that is cut: its power in the last term leaves nothing. */
    private static final double LARGEST_RHO = 0.97;
    /** Values of the table: all coefficients with the heads of their sections. */
    private static final int VALUES = Series.head(16);
    private static final int HALVINGS = 10;

    private final DoubleUnaryOperator phi;
    private final double tolerance;
    private final Powers powers;
    private final Quadrature exact;
    private final AtomicReferenceArray<Row> rows = new AtomicReferenceArray<>((LARGEST - LEAST) * PER_UNIT);
    private final Row[] small;

    /** a_0 and e_n at one deviation with the heads of their sections; how many of these count, and up to which correlation. */
    private record Row(double[] values, int used, double limit) {
    }

    private HermiteSeries(DoubleUnaryOperator phi, double tolerance, Quadrature exact) {
        this.phi = phi;
        this.tolerance = tolerance;
        this.exact = exact;
        this.powers = powers(phi);
        this.small = new Row[] {atZero(), row(SMALL), row(2 * SMALL)};
    }

    /**
     * The series of a function; empty if it converges too slowly at a variance of 1.
     *
     * @param tolerance what is left out of the coefficients, relative to all
     * @param exact     for variances for which there is no series
     */
    public static Optional<HermiteSeries> of(DoubleUnaryOperator phi, double tolerance, Quadrature exact) {
        HermiteSeries series = new HermiteSeries(phi, tolerance, exact);
        return series.limit(1) == 1 ? Optional.of(series) : Optional.empty();
    }

    private static Powers powers(DoubleUnaryOperator phi) {
        boolean even = true;
        boolean odd = true;
        double centre = phi.applyAsDouble(0);
        double size = 0;
        for (double x = 0.125; x < 8; x += 0.3) {
            double right = phi.applyAsDouble(x) - centre;
            double left = phi.applyAsDouble(-x) - centre;
            size = Math.max(size, Math.max(Math.abs(right), Math.abs(left)));
            even &= Math.abs(right + left) <= 4e-16 * (Math.abs(centre) + size);
            odd &= Math.abs(right - left) <= 4e-16 * (Math.abs(centre) + size);
        }
        return even ? new Powers(0, 2) : odd ? new Powers(1, 2) : new Powers(0, 1);
    }

    @Override
    public Powers powers() {
        return powers;
    }

    @Override
    public int write(double variance, double[] to) {
        double deviation = Math.sqrt(variance);
        if (deviation < SMALL) {
            return small(variance / (SMALL * SMALL), to);
        }
        double[] weights = new double[RadialTable.POINTS];
        int cell = RadialTable.interpolate(place(deviation), weights, 0);
        int first = cell - RadialTable.POINTS / 2 + 1;
        if (first < 0 || first > rows.length() - weights.length) {
            return 0;
        }
        int used = Math.max(row(cell).used, row(cell + 1).used);
        for (int n = 0; n < used; n++) {
            to[n] = 0;
        }
        for (int k = 0; k < weights.length; k++) {
            double[] values = row(first + k).values;
            for (int n = 0; n < used; n++) {
                to[n] = Math.fma(weights[k], values[n], to[n]);
            }
        }
        heads(to, used, row(cell), row(cell + 1));
        return used;
    }

    /** Heads are not interpolated: the largest is on the safe side. */
    private static void heads(double[] to, int used, Row... near) {
        for (int section = 1; Series.head(section) < used; section++) {
            int head = Series.head(section);
            to[head] = 0;
            for (Row row : near) {
                to[head] = Math.max(to[head], row.values[head]);
            }
        }
    }

    private static double place(double deviation) {
        return (Math.log(deviation) - LEAST) * PER_UNIT;
    }

    @Override
    public double limit(double variance) {
        double deviation = Math.sqrt(variance);
        if (deviation < SMALL) {
            return 1;
        }
        int first = (int) Math.floor(place(deviation)) - RadialTable.POINTS / 2 + 1;
        double limit = first < 0 || first > rows.length() - RadialTable.POINTS ? 0 : 1;
        for (int k = 0; k < RadialTable.POINTS && limit > 0; k++) {
            limit = Math.min(limit, row(first + k).limit);
        }
        return limit;
    }

    /** By Lagrange's polynomial through the variances 0, 1 and 4, in units of the smallest. */
    private int small(double x, double[] to) {
        double w0 = (x - 1) * (x - 4) / 4;
        double w1 = x * (x - 4) / -3;
        double w4 = x * (x - 1) / 12;
        int used = Math.max(small[0].used, Math.max(small[1].used, small[2].used));
        for (int n = 0; n < used; n++) {
            to[n] = w0 * small[0].values[n] + w1 * small[1].values[n] + w4 * small[2].values[n];
        }
        heads(to, used, small);
        return used;
    }

    private Row row(int index) {
        Row row = rows.get(index);
        if (row == null) {
            row = row(Math.exp(LEAST + (double) index / PER_UNIT));
            rows.set(index, row);
        }
        return row;
    }

    /** φ(0) and φ'(0), the latter by what three small deviations have in common. */
    private Row atZero() {
        double[] values = new double[VALUES];
        values[0] = phi.applyAsDouble(0);
        if (powers.first() == 0) {
            double one = row(4 * SMALL).values[1];
            double two = row(8 * SMALL).values[1];
            double four = row(16 * SMALL).values[1];
            double[] first = {(4 * one - two) / 3, (4 * two - four) / 3};
            values[1] = (16 * first[0] - first[1]) / 15;
        }
        return new Row(values, 2, 1);
    }

    private Row row(double deviation) {
        double[] all = HermiteCoefficients.of(phi, deviation);
        double[] e = new double[MOST];
        e[0] = all[0];
        int count = 1;
        double sum = 0;
        double last = 0;
        for (int n = powers.first(); n + 1 < all.length; n += powers.step()) {
            e[count] = all[n + 1] / deviation;
            double square = e[count] * e[count] * (n + 1);
            sum += square;
            last += n + 1 >= all.length - LAST ? square : 0;
            count++;
        }
        boolean whole = last <= CONVERGED * sum;
        double least = tolerance * tolerance * sum;
        int used = count;
        double left = 0;
        while (whole && used > 2) {
            left += e[used - 1] * e[used - 1] * (powers.first() + (used - 2) * powers.step() + 1);
            if (left > least) {
                break;
            }
            used--;
        }
        double[] values = new double[VALUES];
        int section = 0;
        for (int n = 0; n < used; n++) {
            if (n + section == Series.head(section + 1)) {
                section++;
                values[n + section - 1] = head(least, e, n, count);
            }
            values[n + section] = e[n];
        }
        return new Row(values, used + section, whole ? 1 : Double.isFinite(sum) && sum > 0 ? LARGEST_RHO : 0);
    }

    /** Whether the coefficients of V from one on sum up to more than this at a correlation, V as an even function. */
    private boolean exceeds(double least, double[] e, int from, int count, double rho) {
        double by = Math.pow(rho, powers.step());
        double power = Math.pow(by, from - 1);
        double sum = 0;
        for (int m = from; m < count && sum <= least; m++) {
            sum += e[m] * e[m] * (powers.first() + (m - 1) * powers.step() + 1) * power;
            power *= by;
        }
        return sum > least;
    }

    /** The head of a section: the inverse of the smallest correlation at which what begins with it counts. */
    private double head(double least, double[] e, int from, int count) {
        if (!exceeds(least, e, from, count, 1)) {
            return 0;
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            boolean counts = exceeds(least, e, from, count, middle);
            low = counts ? low : middle;
            high = counts ? middle : high;
        }
        return 1 / Math.max(low, high / 2);
    }

    @Override
    public void expectations(Pairs p) {
        exact.expectations(p);
        double[] one = new double[VALUES];
        double[] two = new double[VALUES];
        for (int i = 0; i < p.n; i++) {
            int count = Math.min(write(p.q11[i], one), write(p.q22[i], two));
            int section = 0;
            for (int next = Series.head(1); next < count && Math.abs(p.rho[i]) * Math.max(one[next], two[next]) > 1;
                    next = Series.head(section + 1)) {
                section++;
            }
            double z = powers.step() == 2 ? p.rho[i] * p.rho[i] : p.rho[i];
            double v = 0;
            double d = 0;
            for (; section >= 0; section--) {
                for (int m = Math.min(count, Series.head(section + 1)) - 1; m > Series.head(section); m--) {
                    d = Math.fma(d, z, v);
                    v = Math.fma(v, z, one[m] * two[m]);
                }
            }
            if (Math.abs(p.rho[i]) <= Math.min(limit(p.q11[i]), limit(p.q22[i]))) {
                p.value[i] = Math.fma(p.q12[i], powers.first() == 1 ? p.rho[i] * v : v, one[0] * two[0]);
                p.slope[i] = powers.step() == 1 ? Math.fma(p.rho[i], d, v) : powers.first() == 0
                        ? Math.fma(2 * z, d, v) : 2 * p.rho[i] * Math.fma(z, d, v);
            }
        }
    }

    @Override
    public double error() {
        return Quadrature.difference(this, exact, 0.1, 1, 10);
    }
}
