package org.ntk4j.inference;

/**
 * What a regression at infinity would be with another ridge.
 *
 * @param relative              the ridge over the mean of the diagonal
 * @param absolute              the ridge itself
 * @param looError              the closed-form leave-one-out error: mean squared, over inputs and outputs
 * @param logMarginalLikelihood of all outputs together, at the best scale of the kernel
 * @param kare                  the kernel alignment risk estimator
 * @param effectiveDimension    {@code tr K(K + r)⁻¹}
 */
public record RidgePoint(double relative, double absolute, double looError, double logMarginalLikelihood, double kare,
        double effectiveDimension) {
}
