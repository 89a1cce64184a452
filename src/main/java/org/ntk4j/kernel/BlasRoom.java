package org.ntk4j.kernel;

import java.nio.DoubleBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Where BLAS multiplies tiles with vectors: a tile, the vectors beside it, and their product, outside the heap, for one product after the
 * other. With each array that BLAS is given a thread takes memory for a copy, and the C library keeps what a thread gives back for later,
 * for each thread apart: where every product has threads of its own that would grow with their number.
 */
final class BlasRoom implements AutoCloseable {

    private Part tile = new Part(0);
    private Part vectors = new Part(0);
    private Part product = new Part(0);

    /** Some values, and the way by which arrays are copied there without another copy. */
    private record Part(DoublePointer values, DoubleBuffer view) {

        Part(int count) {
            this(new DoublePointer((long) count));
        }

        private Part(DoublePointer values) {
            this(values, values.capacity() == 0 ? DoubleBuffer.allocate(0) : values.asBuffer());
        }

        /** This, or as many values as are asked for. */
        Part atLeast(int count) {
            if (count <= view.capacity()) {
                return this;
            }
            values.close();
            return new Part(count);
        }

        Part put(double[] from, int at, int count) {
            Part large = atLeast(count);
            large.view.put(0, from, at, count);
            return large;
        }
    }

    /**
     * The product of a tile, or its transpose, with rows of vectors.
     *
     * @param transposed false: the tile is {@code m × depth}; true: it is {@code depth × m}
     * @param right      vectors, by rows of {@code line} values, multiplied from the row {@code from} on
     * @param result     {@code m × line}, written over
     */
    void multiply(boolean transposed, double[] values, double[] right, int from, int m, int depth, int line, double[] result) {
        if (m == 0 || depth == 0 || line == 0) {
            return;
        }
        tile = tile.put(values, 0, m * depth);
        vectors = vectors.put(right, from * line, depth * line);
        product = product.atLeast(m * line);
        openblas.cblas_dgemm(openblas.CblasRowMajor, transposed ? openblas.CblasTrans : openblas.CblasNoTrans, openblas.CblasNoTrans, m,
                line, depth, 1, tile.values, transposed ? m : depth, vectors.values, line, 0, product.values, line);
        product.view.get(0, result, 0, m * line);
    }

    @Override
    public void close() {
        tile.values.close();
        vectors.values.close();
        product.values.close();
    }
}
