package org.ntk4j.finite;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/** Says which layer of a finite network gives more than the network's precision holds, and what to do. */
final class Overflow {

    private Overflow() {
    }

    /** What the layers reach at an input: the failure of the first that is too large, else the largest of all. */
    private record Reached(Optional<Failure> failure, String where, double largest) {
    }

    /** The failure for an input whose tangent kernel is not a finite number. The session is open and the weights are loaded. */
    static Failure of(CompiledNetwork compiled, Placeholder<TFloating> batch, List<TrainedMap> maps, Inputs fed, int input) {
        Precision precision = compiled.precision();
        Reached reached = reached(compiled, batch, maps, fed, input);
        String most = precision + " holds no more than " + (precision == Precision.FLOAT32 ? "3.4e+38" : "1.8e+308");
        return reached.failure.orElseGet(() -> Failure.run(String.format(Locale.ROOT, "network.%s: its values at input %d reach %.3g, and "
                + "the tangent kernel, which goes with their squares, is not a finite number there: %s; %s", reached.where, input,
                reached.largest, most, cure(precision))));
    }

    /** The failure for an input at which an output is not a finite number. The session is open and the weights are loaded. */
    static Failure ofOutputs(CompiledNetwork compiled, Placeholder<TFloating> batch, List<TrainedMap> maps, Inputs fed, int input) {
        Reached reached = reached(compiled, batch, maps, fed, input);
        return reached.failure.orElseGet(() -> Failure.run(String.format(Locale.ROOT, "the output at input %d is not a finite number: the "
                + "values of network.%s reach %.3g; %s", input, reached.where, reached.largest, cure(compiled.precision()))));
    }

    private static String cure(Precision precision) {
        return "use a smaller wStd or smaller inputs" + (precision == Precision.FLOAT32 ? ", or train.precision: float64" : "");
    }

    private static Reached reached(CompiledNetwork compiled, Placeholder<TFloating> batch, List<TrainedMap> maps, Inputs fed, int input) {
        Precision precision = compiled.precision();
        int size = fed.shape().size();
        double largest = 0;
        String where = "";
        try (Tensor feed = Tensors.ofRun(precision, fed.values(), input * size, size, CompiledNetwork.withBatch(1, fed.shape()))) {
            Session.Runner runner = compiled.session().runner().feed(batch, feed);
            maps.forEach(m -> runner.fetch(m.z()));
            try (Result result = runner.run()) {
                for (int i = 0; i < maps.size(); i++) {
                    double most = 0;
                    for (double z : Tensors.values(precision, result.get(i))) {
                        most = Double.isFinite(z) ? Math.max(most, Math.abs(z)) : Double.POSITIVE_INFINITY;
                        if (Double.isInfinite(most)) {
                            return new Reached(Optional.of(Failure.run("network." + maps.get(i).name() + ": its values at input " + input
                                    + " are more than " + precision + " holds; " + cure(precision))), maps.get(i).name(), most);
                        }
                    }
                    if (most >= largest) {
                        largest = most;
                        where = maps.get(i).name();
                    }
                }
            }
        }
        return new Reached(Optional.empty(), where, largest);
    }
}
