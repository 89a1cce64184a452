package org.ntk4j.infinite.strip;

/**
 * A number as the sum of two float64, the second below the last digit of the first: about 32 digits (Dekker 1971; products by fused
 * multiplication).
 *
 * @param value the number, rounded to float64
 * @param rest  what that leaves
 */
record LongSum(double value, double rest) {

    /** The inner product of two vectors of the same length. */
    static LongSum product(double[] x, double[] y) {
        double value = 0;
        double rest = 0;
        for (int i = 0; i < x.length; i++) {
            double p = x[i] * y[i];
            double ofProduct = Math.fma(x[i], y[i], -p);
            double sum = value + p;
            double part = sum - value;
            rest += (value - (sum - part)) + (p - part) + ofProduct;
            value = sum;
        }
        return normal(value, rest);
    }

    private static LongSum normal(double value, double rest) {
        double sum = value + rest;
        return new LongSum(sum, rest - (sum - value));
    }

    LongSum plus(LongSum other) {
        double sum = value + other.value;
        double part = sum - value;
        return normal(sum, (value - (sum - part)) + (other.value - part) + rest + other.rest);
    }

    LongSum minus(LongSum other) {
        return plus(other.times(-1));
    }

    /** Times a power of two, or −1: exact. */
    LongSum times(double factor) {
        return new LongSum(value * factor, rest * factor);
    }

    LongSum times(LongSum other) {
        double p = value * other.value;
        return normal(p, Math.fma(value, other.value, -p) + value * other.rest + rest * other.value);
    }
}
