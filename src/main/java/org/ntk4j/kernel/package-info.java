/**
 * The matrix of kernel values {@link org.ntk4j.kernel.Kernel}, its {@link org.ntk4j.kernel.Spectrum}, and measures between
 * kernels ({@link org.ntk4j.kernel.KernelMetrics}) and between a kernel and labels ({@link org.ntk4j.kernel.LabelMetrics}).
 * Dense float64 linear algebra goes through OpenBLAS in four small places: {@link org.ntk4j.kernel.Blas},
 * {@link org.ntk4j.kernel.NativeMatrix}, {@link org.ntk4j.kernel.SymmetricEigen} and {@link org.ntk4j.kernel.Cholesky}.
 */
package org.ntk4j.kernel;
