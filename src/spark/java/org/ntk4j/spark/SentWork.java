package org.ntk4j.spark;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentTiles;
import org.ntk4j.grammar.Document;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.TileWork;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** A {@link TileWork} as it travels: text and arrays. */
sealed interface SentWork extends Serializable {

    /** As an executor does it. */
    TileWork work();

    /**
     * As it travels.
     *
     * @throws Failure if its network cannot be written down
     */
    static SentWork of(TileWork work) {
        if (work instanceof TangentTiles tangent) {
            return Tangent.of(tangent);
        }
        TileJob job = (TileJob) work;
        Infinite sent = new Infinite(text(job.network().toYaml()), SentInputs.of(job.x1()), SentInputs.of(job.x2()).orElse(null),
                job.tile(), job.piece(), job.precision().toString());
        check(network(sent.network).layers(job.x1().shape()).toYaml(), job.network().toYaml());
        return sent;
    }

    private static void check(Object readAgain, Object yaml) {
        if (!readAgain.toString().equals(yaml.toString())) {
            throw Failure.input("this network cannot be sent to executors: written down and read again it is another one");
        }
    }

    private static String text(Object yaml) {
        return Document.write(Map.of("network", yaml));
    }

    private static Network network(String text) {
        return Network.parse(text.substring(text.indexOf(':') + 1));
    }

    /**
     * Kernels of a network at infinite width.
     *
     * @param network its layers
     */
    record Infinite(String network, SentInputs x1, @Nullable SentInputs x2, int tile, int piece, String precision) implements SentWork {

        @Override
        public TileWork work() {
            return new TileJob(SentWork.network(network).layers(Shape.of(x1.shape())), x1.inputs(),
                    Optional.ofNullable(x2).map(SentInputs::inputs), tile, piece, Precision.of(precision));
        }
    }

    /**
     * The tangent kernel of a finite network.
     *
     * @param network as it is written down
     * @param frozen  what is not trained of it
     * @param only    what is, where that is not all
     */
    record Tangent(String network, int outputs, List<String> frozen, List<String> only, HashMap<String, double[]> weights,
            String precision, SentInputs x1, @Nullable SentInputs x2, int tile, long memory) implements SentWork {

        private static Tangent of(TangentTiles work) {
            FiniteNetwork n = work.network();
            Object yaml = n.architecture().toYaml();
            TrainedPart part = n.architecture().trainedPart();
            Inputs x = work.x1();
            Tangent sent = new Tangent(text(yaml), n.outputs(), part.frozen(), part.only(), new HashMap<>(n.weights(x.shape())),
                    n.precision().toString(), SentInputs.of(x), SentInputs.of(work.x2()).orElse(null), work.tile(), work.memory());
            check(SentWork.network(sent.network).toYaml(), yaml);
            return sent;
        }

        @Override
        public TileWork work() {
            FiniteNetwork n = FiniteNetwork.of(SentWork.network(network), new Seed(0)).outputs(outputs).precision(precision)
                    .trained(new TrainedPart(frozen, only)).weights(weights);
            return new TangentTiles(n, x1.inputs(), Optional.ofNullable(x2).map(SentInputs::inputs), tile, memory);
        }
    }
}
