import { pictureAddress } from '../live/kept-pictures.ts';

/** The picture that was kept for a record. */
export function KeptPicture({ id, alt }: { readonly id: string; readonly alt: string }) {
  return <img class="picture" src={pictureAddress(id)} alt={alt} loading="lazy" />;
}
