package org.ntk4j.solver;

import java.util.Arrays;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Vectors;

/**
 * What all inputs of a kernel have in common, {@code γ w wᵀ} with {@code w = K1/√(1ᵀK1)}. {@code K − w wᵀ} is positive semidefinite and
 * maps the ones to 0 (a step of Cholesky along that vector), so {@code K − γ w wᵀ} is as definite as K is. γ is a little less than 1:
 * without any of it left, solving would divide by rounding along w.
 *
 * @param vector w, of length n; zeros where the kernel has no such part
 */
record CommonPart(double[] vector) {

    /** γ: of 255 parts of 256 that are taken off, float32 finds the rest to five digits again. */
    private static final double SHARE = 1 - 1.0 / 256;

    /** By one product with the kernel. */
    static CommonPart of(Kernel kernel, int threads, Monitor monitor) {
        int n = kernel.rows();
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        double[] sums;
        try (KernelProduct product = kernel.product(threads, monitor)) {
            sums = product.times(ones, 1);
        }
        double all = Vectors.dot(ones, sums);
        for (int i = 0; i < n; i++) {
            sums[i] = all > 0 ? sums[i] / Math.sqrt(all) : 0;
        }
        return new CommonPart(sums);
    }

    /** Its mean diagonal. */
    double meanDiagonal() {
        return SHARE * Vectors.dot(vector, vector) / vector.length;
    }

    /** Takes it off part of a row of the kernel, which begins at {@code at}. */
    void takeOff(int row, int column, int width, double[] values, int at) {
        double factor = SHARE * vector[row];
        for (int j = 0; j < width; j++) {
            values[at + j] -= factor * vector[column + j];
        }
    }

    /** Beside the solution of {@code M z = w} for the rest M. */
    Solved solved(double[] z) {
        return new Solved(vector, z, SHARE / (1 + SHARE * Vectors.dot(vector, z)));
    }

    /**
     * Puts the part back behind a solver for the rest.
     *
     * @param factor {@code γ/(1 + γ wᵀz)}
     */
    record Solved(double[] vector, double[] z, double factor) {

        /** {@code (M + γ w wᵀ)⁻¹ r} from {@code M⁻¹ r}, n × k by rows, in place. */
        double[] solve(double[] x, int k) {
            return along(vector, x, z, -factor, x, k);
        }

        /** {@code (M + γ w wᵀ) x} from {@code M x}, in place. */
        double[] add(double[] x, double[] product, int k) {
            return along(vector, x, vector, SHARE, product, k);
        }

        /** Adds {@code factor · direction (wᵀ x)} to each column. */
        private static double[] along(double[] w, double[] x, double[] direction, double factor, double[] target, int k) {
            double[] sums = new double[k];
            for (int i = 0; i < x.length; i++) {
                sums[i % k] += w[i / k] * x[i];
            }
            for (int i = 0; i < x.length; i++) {
                target[i] += factor * direction[i / k] * sums[i % k];
            }
            return target;
        }
    }
}
