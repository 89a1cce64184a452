package org.ntk4j.gaussian.quadrature;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Pairs;

/**
 * A quadrature whose results are read off a table where both variances are equal, as they are in data of equal norms: there they are
 * functions of the correlation ρ alone. The table runs over {@code √((1 − |ρ|)/2)}, the sine of half of the angle, or of half of what it
 * lacks to π: in that they are analytic up to both ends even where φ has a kink at 0. It is made of the quadrature's own results.
 */
final class EqualVariances implements Quadrature {

    private static final int NODES = 2048;
    /** Nodes beyond both ends, for a polynomial through six of them. */
    private static final int BEYOND = 2;
    private static final int CHECKS = 48;
    /**
     * A table with a larger error than this, relative to the value at ρ = 1, is not used: large variances make steps of smooth functions.
     * The quadrature itself is no smoother than about 1e-11.
     */
    private static final double TOLERANCE = 1e-10;
    private static final double LONGEST = Math.sqrt(0.5);
    private static final double STEP = LONGEST / NODES;
    /** Bits of a variance that are left out of account: a relative difference of 1e-14 is rounding. */
    private static final int ROUNDED = 6;
    private static final double CLOSE = 1e-9;
    private static final int MOST_TABLES = 1000;

    private final Quadrature exact;
    private final Map<Long, Table> tables = new ConcurrentHashMap<>();

    /** For correlations from 0 up and below 0, at the nodes from {@link #BEYOND} before 0 on; not usable where it is not exact enough. */
    private record Table(double[][] values, double[][] slopes, boolean usable) {
    }

    EqualVariances(Quadrature exact) {
        this.exact = exact;
    }

    @Override
    public double error() {
        return exact.error();
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        int[] others = new int[p.n];
        int count = 0;
        long known = Long.MIN_VALUE;
        Table table = null;
        for (int i = 0; i < p.n; i++) {
            long key = key(p.q11[i]);
            double rho = p.rho[i];
            if (key != key(p.q22[i]) || Math.abs(rho) > 1 - CLOSE || !(p.q11[i] > 0)) {
                others[count++] = i;
                continue;
            }
            if (key != known) {
                table = table(key);
                known = key;
            }
            if (table == null || !table.usable) {
                others[count++] = i;
                continue;
            }
            double place = Math.sqrt((1 - Math.abs(rho)) / 2) / STEP;
            int node = (int) place;
            double x = place - node;
            int half = rho < 0 ? 1 : 0;
            p.value[i] = between(table.values[half], node, x);
            p.slope[i] = between(table.slopes[half], node, x);
        }
        if (count > 0) {
            others(p, Arrays.copyOf(others, count));
        }
    }

    /** Everett's formula to the fourth differences: the polynomial through three nodes on either side. */
    private static double between(double[] f, int node, double x) {
        double a = f[node];
        double b = f[node + 1];
        double c = f[node + 2];
        double d = f[node + 3];
        double e = f[node + 4];
        double g = f[node + 5];
        double second = b - 2 * c + d;
        double next = c - 2 * d + e;
        double fourth = a - 4 * b + 6 * c - 4 * d + e;
        double nextFourth = b - 4 * c + 6 * d - 4 * e + g;
        double y = 1 - x;
        double left = y * (y * y - 1);
        double right = x * (x * x - 1);
        return y * c + x * d + (left * second + right * next) / 6 + (left * (y * y - 4) * fourth + right * (x * x - 4) * nextFourth) / 120;
    }

    private void others(Pairs p, int[] at) {
        Pairs some = Pairs.of(pick(p.q11, at), pick(p.q22, at), pick(p.q12, at));
        exact.expectations(some);
        for (int i = 0; i < at.length; i++) {
            p.value[at[i]] = some.value[i];
            p.slope[at[i]] = some.slope[i];
        }
    }

    private static double[] pick(double[] values, int[] at) {
        return Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
    }

    private static long key(double q) {
        return Double.doubleToLongBits(q) + (1L << ROUNDED - 1) >> ROUNDED;
    }

    private @Nullable Table table(long key) {
        Table found = tables.get(key);
        return found != null || tables.size() >= MOST_TABLES
                ? found : tables.computeIfAbsent(key, k -> made(Double.longBitsToDouble(k << ROUNDED)));
    }

    private Table made(double q) {
        int count = NODES + 2 * BEYOND + 2;
        double[][][] both = new double[2][2][];
        for (int half = 0; half < 2; half++) {
            double[] places = new double[count];
            Arrays.setAll(places, k -> Math.max(0, k - BEYOND));
            Pairs p = at(q, half, places);
            both[0][half] = p.value.clone();
            both[1][half] = p.slope.clone();
            for (double[][] kind : both) {
                continueBack(kind[half]);
            }
        }
        return new Table(both[0], both[1], isExact(q, both));
    }

    /** The quadrature where the sine is this many steps. */
    private Pairs at(double q, int half, double[] places) {
        double[] variances = new double[places.length];
        double[] covariances = new double[places.length];
        Arrays.fill(variances, q);
        for (int k = 0; k < places.length; k++) {
            double rho = 1 - 2 * Math.pow(STEP * places[k], 2);
            covariances[k] = half == 0 ? q * rho : -q * rho;
        }
        Pairs p = Pairs.of(variances, variances, covariances);
        exact.expectations(p);
        return p;
    }

    /** Nodes before 0, from the polynomial through the six behind them. */
    private static void continueBack(double[] f) {
        for (int k = BEYOND - 1; k >= 0; k--) {
            f[k] = 6 * f[k + 1] - 15 * f[k + 2] + 20 * f[k + 3] - 15 * f[k + 4] + 6 * f[k + 5] - f[k + 6];
        }
    }

    private boolean isExact(double q, double[][][] both) {
        double[] places = new double[CHECKS];
        for (int k = 0; k < CHECKS; k++) {
            places[k] = Math.floor(Math.pow(NODES - 1, (double) k / (CHECKS - 1))) - (k < 2 ? 1 : 0) + 0.5;
        }
        for (int half = 0; half < 2; half++) {
            Pairs p = at(q, half, places);
            for (int k = 0; k < CHECKS; k++) {
                int node = (int) places[k];
                double value = between(both[0][half], node, places[k] - node);
                double slope = between(both[1][half], node, places[k] - node);
                boolean close = Math.abs(value - p.value[k]) <= TOLERANCE * Math.abs(both[0][0][BEYOND])
                        && Math.abs(slope - p.slope[k]) <= TOLERANCE * Math.abs(both[1][0][BEYOND]);
                if (!close) {
                    return false;
                }
            }
        }
        return true;
    }
}
