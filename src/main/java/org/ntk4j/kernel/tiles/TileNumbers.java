package org.ntk4j.kernel.tiles;

import org.bytedeco.javacpp.Pointer;

/** The numbers of tiles, and the operations of BLAS and LAPACK on them; all matrices by rows. */
interface TileNumbers {

    /** Float32. */
    TileNumbers FLOAT32 = new Float32Tiles();
    /** Float64. */
    TileNumbers FLOAT64 = new Float64Tiles();

    /** Bytes of a value. */
    int bytes();

    /** Room for this many values. */
    Pointer allocate(long values);

    /** A view that begins this many values further on; it is not to be closed. */
    Pointer at(Pointer values, long offset);

    /** Writes values. */
    void put(Pointer target, long offset, double[] values, int from, int count);

    /** Reads values. */
    void get(Pointer source, long offset, double[] values, int from, int count);

    /** {@code C ← C − op(A)·B}, C of m × n, with k products; A is k × m and transposed, or m × k. */
    void subtractProduct(boolean transpose, int m, int n, int k, Pointer a, Pointer b, Pointer c);

    /** {@code C ← C − AᵀA} on the upper triangle of C, n × n, A of k × n. */
    void subtractSquare(int n, int k, Pointer a, Pointer c);

    /** {@code A = UᵀU} in place on the upper triangle; 0, or 1 + the index of a pivot that is not positive. */
    int factor(int n, Pointer a);

    /** {@code B ← op(U)⁻¹·B}, U upper triangular of n × n, B of n × k. */
    void solve(boolean transpose, int n, int k, Pointer u, Pointer b);

    /** {@code B ← op(U)·B}, U upper triangular of n × n, B of n × k. */
    void multiply(boolean transpose, int n, int k, Pointer u, Pointer b);
}
