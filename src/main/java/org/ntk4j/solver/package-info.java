/**
 * Linear systems and eigenvalues of kernels that are too large to be decomposed: conjugate gradients, their preconditioners, Lanczos'
 * recursion. They ask nothing of a kernel but its product with vectors.
 */
package org.ntk4j.solver;
