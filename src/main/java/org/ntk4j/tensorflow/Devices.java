package org.ntk4j.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;

/** The devices that TensorFlow sees; the Java library has no call for that, its C interface has. */
public final class Devices {

    /** What is needed where no GPU is seen. */
    public static final String NO_GPU = "none seen; on Linux x86_64 with an NVIDIA driver, CUDA 12 and cuDNN 9: ntk doctor --gpu";

    /**
     * One device.
     *
     * @param name   as for {@code --device}: {@code cpu:0}, {@code gpu:0}
     * @param type   TensorFlow's word for it
     * @param memory the memory that TensorFlow may use, in bytes; 0 if it does not say
     */
    public record Device(String name, String type, long memory) {
    }

    private Devices() {
    }

    /** The version of TensorFlow itself. */
    public static String version() {
        return TensorFlow.version();
    }

    /** All devices that a session with these settings has, the CPU first. */
    public static List<Device> list(Settings settings) {
        List<Device> devices = new ArrayList<>();
        byte[] config = SessionConfig.config(settings).toByteArray();
        TF_Status status = TF_Status.newStatus();
        // A session and no eager context: a process may map its GPUs only once, and sessions compute here.
        try (TF_Graph graph = TF_Graph.newGraph(); TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
                BytePointer bytes = new BytePointer(config)) {
            TF_SetConfig(options, bytes, config.length, status);
            status.throwExceptionIfNotOK();
            TF_Session session = TF_NewSession(graph, options, status);
            status.throwExceptionIfNotOK();
            TF_DeviceList list = TF_SessionListDevices(session, status);
            status.throwExceptionIfNotOK();
            for (int i = 0; i < TF_DeviceListCount(list); i++) {
                String name = TF_DeviceListName(list, i, status).getString();
                String type = TF_DeviceListType(list, i, status).getString();
                long memory = TF_DeviceListMemoryBytes(list, i, status);
                // TensorFlow names them /job:localhost/replica:0/task:0/device:GPU:0.
                devices.add(new Device(name.substring(name.indexOf("device:") + 7).toLowerCase(Locale.ROOT), type,
                        type.equals("GPU") ? memory : 0));
            }
            TF_DeleteDeviceList(list);
            TF_CloseSession(session, status);
            TF_DeleteSession(session, status);
        }
        return devices;
    }

    /**
     * The device that computes: {@code cpu} or {@code gpu:N}.
     *
     * @throws Failure if a GPU was asked for that TensorFlow does not see
     */
    public static String used(Settings settings) {
        String wanted = settings.device().orElse("");
        if (wanted.equals("cpu")) {
            return wanted;
        }
        List<Device> seen = seen(settings, wanted);
        boolean gpu = seen.stream().anyMatch(device -> device.type().equals("GPU"));
        if (!gpu && !wanted.isEmpty()) {
            throw missing(wanted, seen);
        }
        return !gpu ? "cpu" : wanted.startsWith("gpu:") ? wanted : "gpu:0";
    }

    private static List<Device> seen(Settings settings, String wanted) {
        try {
            return list(settings);
        } catch (TensorFlowException e) {
            if (wanted.isEmpty()) {
                throw e;
            }
            // A number beyond the last GPU is an error of the session itself.
            throw missing(wanted, list(settings.withDevice(wanted.startsWith("gpu:") ? "gpu" : "cpu")));
        }
    }

    private static Failure missing(String wanted, List<Device> seen) {
        String names = seen.stream().map(Device::name).collect(Collectors.joining(", "));
        boolean gpu = seen.stream().anyMatch(device -> device.type().equals("GPU"));
        return Failure.input("device " + wanted + " is not there: TensorFlow sees " + names
                + (gpu ? "" : "; a GPU needs Linux on x86_64 with an NVIDIA driver, "
                + "CUDA 12 and cuDNN 9, and the option --gpu (ntk doctor --gpu shows what is seen); without --device the CPU computes"));
    }
}
