package org.ntk4j.study;

import org.jspecify.annotations.Nullable;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.study.finding.Residuals;

/** f_0, the function of NN_0 times the output scale, on both sets; computed when it is first asked for. */
final class InitialFunction {

    private final CellContext cell;
    private final FiniteNetwork initial;
    private final double scale;
    private FullRegression.@Nullable Values values;

    InitialFunction(CellContext cell, FiniteNetwork initial) {
        this.cell = cell;
        this.initial = initial;
        this.scale = cell.definition().train().map(Training::outputScale).orElse(1.0);
    }

    FullRegression.Values values() {
        FullRegression.Values known = values;
        if (known == null) {
            known = new FullRegression.Values(Residuals.scaled(initial.outputs(cell.sample().train().inputs()), scale),
                    Residuals.scaled(initial.outputs(cell.sample().test().inputs()), scale));
            values = known;
        }
        return known;
    }

    /** The function 0, with as many values. */
    FullRegression.Values zero() {
        return new FullRegression.Values(new double[cell.sample().train().count()][cell.outputs()],
                new double[cell.sample().test().count()][cell.outputs()]);
    }

    /** The function that is trained, at its start: 0 where it is centred. */
    FullRegression.Values trained() {
        return cell.definition().centred() ? zero() : values();
    }

    /** The function that is trained, on the training set, with the weights of a later step. */
    double[][] trained(FiniteNetwork later) {
        double[][] f = Residuals.scaled(later.outputs(cell.sample().train().inputs()), scale);
        return cell.definition().centred() ? Residuals.minus(f, values().train()) : f;
    }
}
