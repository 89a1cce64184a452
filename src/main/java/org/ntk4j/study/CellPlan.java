package org.ntk4j.study;

import org.jspecify.annotations.Nullable;
import org.ntk4j.finite.TangentPlan;
import org.ntk4j.infinite.EngineChoice;

/**
 * What one cell of a study needs.
 *
 * @param parameters    weights of the network
 * @param held          bytes of what lies in Java's heap until its end: the data, weights, kernels and their eigenvectors
 * @param least         bytes in use at least at any time
 * @param bytes         bytes in use where the memory allows it
 * @param kernelSeconds for the values of its kernels
 * @param fitSeconds    for all of its regressions
 * @param stepSeconds   for a step of training
 * @param seconds       in all, trained to {@code maxSteps}
 * @param tangent       how its tangent kernels are computed; null: it has none
 * @param engines       of its infinite kernels
 * @param scale         how large it is for the memory
 * @param solveSeconds  for one regression, when the values of its kernel are there
 * @param outputs       where its tangent kernels of all outputs come from
 */
record CellPlan(long parameters, long held, long least, long bytes, double kernelSeconds, double fitSeconds, double stepSeconds,
        double seconds, @Nullable TangentPlan tangent, EngineChoice engines, Scale scale, double solveSeconds, OutputKernels outputs) {

    /** With the training of the network beside it, whose tangent kernel of all outputs serves its learning rate. */
    CellPlan training(long more, double step, double steps, OutputKernels all) {
        return new CellPlan(parameters, held, least + more, bytes + more, kernelSeconds, fitSeconds, step, seconds + steps * step, tangent,
                engines, scale, solveSeconds, all);
    }
}
