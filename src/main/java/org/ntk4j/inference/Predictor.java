package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.kernel.Kernel;

/** A regression's function on both sets at some moments. */
public interface Predictor {

    /** One function for each moment. */
    List<FullRegression.Values> at(List<Moment> moments);

    /**
     * With one kernel for every output.
     *
     * @param f0Test the offset on the test inputs; null without one
     */
    record OfEachOutput(Fit fit, Kernel test, double @Nullable [][] f0Test) implements Predictor {

        @Override
        public List<FullRegression.Values> at(List<Moment> moments) {
            List<Fit> fits = fit.at(moments);
            List<double[][]> tests = Fit.predict(fits, test, f0Test);
            List<FullRegression.Values> values = new ArrayList<>();
            for (int i = 0; i < fits.size(); i++) {
                values.add(new FullRegression.Values(fits.get(i).train(), tests.get(i)));
            }
            return values;
        }
    }
}
