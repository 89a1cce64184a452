package org.ntk4j.study;

import java.util.Optional;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * The networks of a cell, and what was computed of NN_0 before its training.
 *
 * @param initial  NN_0
 * @param layers   of both, for the inputs of the cell
 * @param theta0   Θ_0 on the training set, the mean over outputs, where it is asked for
 * @param outputs0 Θ_0 on the training set of all outputs with all outputs, where something needs it
 * @param trained  NN_T; empty without training
 */
record CellNetworks(FiniteNetwork initial, Serial layers, Optional<Kernel> theta0, Optional<OutputKernel> outputs0,
        Optional<Trained> trained) {

    /** The network whose tangent kernel this is. */
    FiniteNetwork of(Subject kernel) {
        return kernel == Subject.NTK_INIT ? initial : trained.orElseThrow().network();
    }

    /** The step of a kernel; none for those at infinite width. */
    Step stepOf(Subject kernel) {
        return switch (kernel) {
            case NTK_INIT -> Step.START;
            case NTK_TRAINED -> lastStep();
            default -> Step.NONE;
        };
    }

    /** T; none without training. */
    Step lastStep() {
        return trained.map(t -> Step.of(t.steps())).orElse(Step.NONE);
    }
}
