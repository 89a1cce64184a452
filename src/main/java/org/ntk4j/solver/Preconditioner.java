package org.ntk4j.solver;

/** An approximate inverse of a symmetric positive definite matrix, itself symmetric and positive definite. Close it when done. */
public interface Preconditioner extends AutoCloseable {

    /** The inverse applied to vectors, {@code n × k} by rows. */
    double[] apply(double[] r, int k);

    /** What it is, in a few words. */
    String describe();

    @Override
    default void close() {
    }

    /** None. */
    static Preconditioner none() {
        return new Preconditioner() {
            @Override
            public double[] apply(double[] r, int k) {
                return r.clone();
            }

            @Override
            public String describe() {
                return "without a preconditioner";
            }
        };
    }
}
