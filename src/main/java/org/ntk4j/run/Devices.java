package org.ntk4j.run;

import static org.tensorflow.internal.c_api.global.tensorflow.TFE_ContextListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;

/** The devices that TensorFlow sees; the Java library has no call for that, its C interface has. */
final class Devices {

    /**
     * One device.
     *
     * @param name   as for {@code --device}: {@code cpu:0}, {@code gpu:0}
     * @param type   TensorFlow's word for it
     * @param memory the memory that TensorFlow may use, in bytes; 0 if it does not say
     */
    record Device(String name, String type, long memory) {
    }

    private Devices() {
    }

    /** The version of TensorFlow itself. */
    static String version() {
        return TensorFlow.version();
    }

    /** All devices, the CPU first. */
    static List<Device> list() {
        List<Device> devices = new ArrayList<>();
        TF_Status status = TF_Status.newStatus();
        try (TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
             TFE_Context context = TFE_Context.newContext(options, status)) {
            status.throwExceptionIfNotOK();
            TF_DeviceList list = TFE_ContextListDevices(context, status);
            status.throwExceptionIfNotOK();
            for (int i = 0; i < TF_DeviceListCount(list); i++) {
                String name = TF_DeviceListName(list, i, status).getString();
                String type = TF_DeviceListType(list, i, status).getString();
                long memory = TF_DeviceListMemoryBytes(list, i, status);
                // TensorFlow names them /job:localhost/replica:0/task:0/device:GPU:0.
                devices.add(new Device(name.substring(name.indexOf("device:") + 7).toLowerCase(Locale.ROOT), type, type.equals("GPU") ? memory : 0));
            }
            TF_DeleteDeviceList(list);
        }
        return devices;
    }
}
