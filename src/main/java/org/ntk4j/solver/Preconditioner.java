package org.ntk4j.solver;

/** An approximate inverse of a symmetric positive definite matrix, itself symmetric and positive definite. Close it when done. */
public interface Preconditioner extends AutoCloseable {

    /** The inverse applied to vectors, {@code n × k} by rows, written to another array of that size. */
    void apply(double[] r, int k, double[] target);

    /** The inverse applied to vectors, {@code n × k} by rows. */
    default double[] apply(double[] r, int k) {
        double[] target = new double[r.length];
        apply(r, k, target);
        return target;
    }

    /** What it is, in a few words. */
    String describe();

    @Override
    default void close() {
    }

    /** None. */
    static Preconditioner none() {
        return new Preconditioner() {
            @Override
            public void apply(double[] r, int k, double[] target) {
                System.arraycopy(r, 0, target, 0, r.length);
            }

            @Override
            public String describe() {
                return "without a preconditioner";
            }
        };
    }
}
