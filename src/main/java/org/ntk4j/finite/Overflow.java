package org.ntk4j.finite;

import java.util.List;
import java.util.Locale;
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

    /** The failure for an input whose tangent kernel is not a finite number. The session is open and the weights are loaded. */
    static Failure of(CompiledNetwork compiled, Placeholder<TFloating> batch, List<TrainedMap> maps, Inputs fed, int input) {
        Precision precision = compiled.precision();
        String cure = "use a smaller wStd or smaller inputs" + (precision == Precision.FLOAT32 ? ", or train.precision: float64" : "");
        String most = precision + " holds no more than " + (precision == Precision.FLOAT32 ? "3.4e+38" : "1.8e+308");
        int size = fed.shape().size();
        double largest = 0;
        String where = "";
        try (Tensor feed = Tensors.ofRun(precision, fed.values(), input * size, size, CompiledNetwork.withBatch(1, fed.shape()))) {
            Session.Runner runner = compiled.session().runner().feed(batch, feed);
            maps.forEach(m -> runner.fetch(m.z()));
            try (Result result = runner.run()) {
                for (int i = 0; i < maps.size(); i++) {
                    double reached = 0;
                    for (double z : Tensors.values(precision, result.get(i))) {
                        reached = Double.isFinite(z) ? Math.max(reached, Math.abs(z)) : Double.POSITIVE_INFINITY;
                        if (Double.isInfinite(reached)) {
                            return Failure.run("network." + maps.get(i).name() + ": its values at input " + input + " are more than "
                                    + precision + " holds; " + cure);
                        }
                    }
                    if (reached >= largest) {
                        largest = reached;
                        where = maps.get(i).name();
                    }
                }
            }
        }
        return Failure.run(String.format(Locale.ROOT, "network.%s: its values at input %d reach %.3g, and the tangent kernel, which goes "
                + "with their squares, is not a finite number there: %s; %s", where, input, largest, most, cure));
    }
}
