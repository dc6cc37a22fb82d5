"""An RTSP server that is not ours: GStreamer's. Prints its port, then serves test pictures until it is ended: H.264 at /camera, others at
/h265 and /jpeg.

usage: gstreamer-server.py WIDTH HEIGHT FPS KEY_FRAME_EVERY [USER PASSWORD]
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

width, height, fps, key_frame_every = (int(value) for value in sys.argv[1:5])
Gst.init(None)
PICTURES = f"videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width={width},height={height},framerate={fps}/1"
STREAMS = {
    "/camera": f"x264enc tune=zerolatency speed-preset=ultrafast key-int-max={key_frame_every} ! rtph264pay name=pay0 pt=96 config-interval=1",
    "/h265": f"x265enc tune=zerolatency speed-preset=ultrafast key-int-max={key_frame_every} ! rtph265pay name=pay0 pt=96 config-interval=1",
    "/jpeg": "jpegenc ! rtpjpegpay name=pay0 pt=26",
}
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
user, password = sys.argv[5:7] if len(sys.argv) > 6 else (None, None)
if user is not None:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, user)
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
for path, encoding in STREAMS.items():
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {PICTURES} ! {encoding} )")
    factory.set_shared(True)
    if user is not None:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role(user, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
        permissions.add_permission_for_role(user, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
