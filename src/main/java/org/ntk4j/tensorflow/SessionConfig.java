package org.ntk4j.tensorflow;

import org.ntk4j.base.Settings;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** Where TensorFlow computes, and with how many threads. */
public final class SessionConfig {

    private SessionConfig() {
    }

    /** The session's configuration for these settings: never more threads than given, GPU memory as it is needed. */
    public static ConfigProto config(Settings settings) {
        ConfigProto.Builder config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(settings.threads())
                .setInterOpParallelismThreads(1)
                .setAllowSoftPlacement(true);
        String device = settings.device().orElse("");
        if (device.equals("cpu")) {
            config.putDeviceCount("GPU", 0);
        } else {
            GPUOptions.Builder gpu = GPUOptions.newBuilder().setAllowGrowth(true);
            if (device.startsWith("gpu:")) {
                gpu.setVisibleDeviceList(device.substring("gpu:".length()));
            }
            config.setGpuOptions(gpu);
        }
        return config.build();
    }

    /**
     * The configuration for a graph that runs a few times: rewriting it would take longer than it could save. For a GPU it is rewritten, as
     * convolutions have another order of axes there.
     */
    public static ConfigProto asWritten(Settings settings) {
        ConfigProto config = config(settings);
        String device = settings.device().orElseGet(() -> Devices.used(settings));
        return device.equals("cpu") ? config.toBuilder().setGraphOptions(GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))).build() : config;
    }
}
