package org.ntk4j.tensorflow;

import org.ntk4j.base.Settings;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

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
}
