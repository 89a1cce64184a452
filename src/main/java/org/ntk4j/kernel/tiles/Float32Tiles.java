package org.ntk4j.kernel.tiles;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/** Tiles of float32. */
final class Float32Tiles implements TileNumbers {

    private static final int CHUNK = 1 << 13;

    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public Pointer allocate(long values) {
        return new FloatPointer(values);
    }

    @Override
    public Pointer at(Pointer values, long offset) {
        return view(values).getPointer(offset);
    }

    @Override
    public void put(Pointer target, long offset, double[] values, int from, int count) {
        float[] chunk = new float[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            for (int i = 0; i < some; i++) {
                chunk[i] = (float) values[from + done + i];
            }
            view(target).getPointer(offset + done).put(chunk, 0, some);
        }
    }

    @Override
    public void get(Pointer source, long offset, double[] values, int from, int count) {
        float[] chunk = new float[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            view(source).getPointer(offset + done).get(chunk, 0, some);
            for (int i = 0; i < some; i++) {
                values[from + done + i] = chunk[i];
            }
        }
    }

    @Override
    public void subtractProduct(boolean transpose, int m, int n, int k, Pointer a, Pointer b, Pointer c) {
        openblas.cblas_sgemm(openblas.CblasRowMajor, transpose ? openblas.CblasTrans : openblas.CblasNoTrans, openblas.CblasNoTrans, m, n,
                k, -1, view(a),
                transpose ? m : k, view(b), n, 1, view(c), n);
    }

    @Override
    public void subtractSquare(int n, int k, Pointer a, Pointer c) {
        openblas.cblas_ssyrk(openblas.CblasRowMajor, openblas.CblasUpper, openblas.CblasTrans, n, k, -1, view(a), n, 1, view(c), n);
    }

    @Override
    public int factor(int n, Pointer a) {
        // The upper triangle by rows is the lower triangle by columns.
        return openblas.LAPACKE_spotrf(openblas.LAPACK_COL_MAJOR, (byte) 'L', n, view(a), n);
    }

    @Override
    public void solve(boolean transpose, int n, int k, Pointer u, Pointer b) {
        openblas.cblas_strsm(openblas.CblasRowMajor, openblas.CblasLeft, openblas.CblasUpper,
                transpose ? openblas.CblasTrans : openblas.CblasNoTrans,
                openblas.CblasNonUnit, n, k, 1, view(u), n, view(b), k);
    }

    @Override
    public void multiply(boolean transpose, int n, int k, Pointer u, Pointer b) {
        openblas.cblas_strmm(openblas.CblasRowMajor, openblas.CblasLeft, openblas.CblasUpper,
                transpose ? openblas.CblasTrans : openblas.CblasNoTrans,
                openblas.CblasNonUnit, n, k, 1, view(u), n, view(b), k);
    }

    private static FloatPointer view(Pointer values) {
        return values instanceof FloatPointer own ? own : new FloatPointer(values);
    }
}
