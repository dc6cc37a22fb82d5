export { drawBarcode, type Picture, type PixelFormat, type Region, readBarcode } from './barcode.ts';
export { barcodeClip } from './barcode-clip.ts';
export { type Faults, NO_FAULTS, type Order } from './faults.ts';
export { type CameraStats, type Cameras, type ServeOptions, serveCameras } from './serve.ts';
