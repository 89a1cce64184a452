package org.ntk4j.kernel;

/** A symmetric positive semidefinite matrix that is known by its products alone: it need not be stored. */
public interface SymmetricProduct {

    /** The number of rows. */
    int size();

    /** The product with a vector, as a new array. */
    double[] times(double[] x);
}
