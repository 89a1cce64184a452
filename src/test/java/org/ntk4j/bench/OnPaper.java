package org.ntk4j.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.TilePlan;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/**
 * What the CNTK with 14 convolutions and pooling of all 60,000 images of CIFAR-10 would take on a cluster, from a tile that is timed here:
 * {@code scripts/bench --on-paper}. The images are noise of the same size, which takes as long.
 */
final class OnPaper {

    private static final Shape IMAGE = Shape.of(32, 32, 3);
    private static final int IMAGES = 60_000;
    private static final String NETWORK = "cnn: {channels: 64, depth: 14, readout: gap, wStd: sqrt(2)}";
    private static final double DOLLARS_PER_CORE_HOUR = 0.04;

    private OnPaper() {
    }

    /** Prints it, in both precisions. */
    public static void main(String[] args) {
        Serial network = Network.parse(NETWORK).layers(IMAGE);
        double[] values = new double[Math.multiplyExact(IMAGES, IMAGE.size())];
        Random random = new Random(1);
        Arrays.setAll(values, i -> 2 * random.nextDouble() - 1);
        Inputs images = Inputs.of(values, IMAGES, IMAGE);
        for (Precision precision : List.of(Precision.FLOAT64, Precision.FLOAT32)) {
            TileJob job = TileJob.of(network, images, Optional.empty(), precision, 1);
            System.out.printf("%s, %s%n%s%n", NETWORK, precision,
                    TilePlan.of(job, Monitor.silent())
                            .text(0, OptionalDouble.of(DOLLARS_PER_CORE_HOUR), "a folder that all machines share"));
        }
    }
}
