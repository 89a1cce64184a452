package org.ntk4j.inference;

import org.ntk4j.kernel.Kernel;
/**
 * What is to be solved: a kernel, the residual y − f_0 and the offset f_0 ({@code n × k} by rows, null for none), and the
 * ridge as it was given and as the number that it came to.
 * @param plain    K(train, train) without the noise of single examples, which {@code kernel} has on its diagonal
 */
record Problem(TrainKernel kernel, int outputs, double[] residual, double[] offset, Ridge choice, double ridge, double epsilon, Kernel plain) {

    /** Without noise of single examples. */
    Problem(TrainKernel kernel, int outputs, double[] residual, double[] offset, Ridge choice, double ridge, double epsilon) {
        this(kernel, outputs, residual, offset, choice, ridge, epsilon, kernel.kernel());
    }

    int inputs() {
        return kernel.size();
    }

    /** The filter of a moment on this kernel. */
    Filter filter(Moment moment) {
        double lambdaMax = moment.kind() == Moment.Kind.STEPS ? kernel.eigen().largest() + ridge : 0;
        return Filter.of(moment, lambdaMax, inputs(), outputs);
    }

    /** The gains of a moment, one for each eigendirection. */
    double[] gains(Moment moment) {
        return kernel.gains(filter(moment), ridge, epsilon);
    }
}
