//! A picture that somebody sent → a picture that may be kept and shown. Pure: no I/O.
//!
//! What a file is, its content says, not its name or its media type. It is decoded within limits and its pixels are
//! written anew as PNG, so that nothing else of it survives: neither what it tells of place and camera, nor what was
//! hidden behind or between its pixels, nor a structure that would surprise the next decoder.

use std::io::Cursor;

use fast_image_resize::{PixelType, Resizer, images::Image};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use kernel::Rule;

/// What is read. SVG is not: it is a program.
const FORMATS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];

/// The most pixels of a picture that is decoded: those of today's good cameras, in millions.
pub const MEGAPIXELS_MAX: u32 = 25;
const SIDE_MAX: u32 = 20_000;
/// What decoding may take of memory.
const BYTES_MAX: u64 = 128 * 1024 * 1024;

/// A picture as we keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Reads PNG, JPEG, GIF (its first frame) or WebP, turns it upright, makes it fit into a square of `side_max` pixels
/// without changing its proportions, and writes it as PNG.
pub fn reencoded(bytes: &[u8], side_max: u32) -> Result<Picture, Rule> {
    fitted(decoded(bytes)?, side_max)
}

/// As [`reencoded`], of the picture no more than the square in its middle.
pub fn squared(bytes: &[u8], side_max: u32) -> Result<Picture, Rule> {
    let upright = decoded(bytes)?;
    let side = upright.width().min(upright.height());
    let (left, top) = (upright.width().abs_diff(side) / 2, upright.height().abs_diff(side) / 2);
    fitted(upright.crop_imm(left, top, side, side), side_max)
}

fn fitted(upright: DynamicImage, side_max: u32) -> Result<Picture, Rule> {
    let upright = upright.into_rgba8();
    let (width, height) = fitting(upright.width(), upright.height(), side_max);
    let picture = if (width, height) == upright.dimensions() { upright } else { resized(upright, width, height)? };
    Ok(Picture { png: encoded(picture)?, width, height })
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, Rule> {
    let format = image::guess_format(bytes).ok().filter(|format| FORMATS.contains(format)).ok_or(Rule::NotAnImage)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    // By what the header says: nothing is decoded of a picture that is too large.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > u64::from(MEGAPIXELS_MAX) * 1_000_000 {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(refused)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    image.apply_orientation(orientation);
    if image.width() == 0 || image.height() == 0 { Err(Rule::NotAnImage) } else { Ok(image) }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(BYTES_MAX);
    limits
}

fn refused(error: ImageError) -> Rule {
    match error {
        ImageError::Limits(_) => too_large(),
        _ => Rule::NotAnImage,
    }
}

const fn too_large() -> Rule {
    Rule::ImageTooLarge { max_megapixels: MEGAPIXELS_MAX }
}

/// The size in which a picture fits; none grows.
fn fitting(width: u32, height: u32, side_max: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side_max {
        return (width, height);
    }
    let scaled = |side: u32| {
        let exact = u64::from(side) * u64::from(side_max) + u64::from(longest) / 2;
        u32::try_from(exact / u64::from(longest)).unwrap_or(side_max).max(1)
    };
    (scaled(width), scaled(height))
}

/// Transparent pixels lend their neighbours no colour: the resizer multiplies by alpha first.
fn resized(picture: RgbaImage, width: u32, height: u32) -> Result<RgbaImage, Rule> {
    let (from_width, from_height) = picture.dimensions();
    let from = Image::from_vec_u8(from_width, from_height, picture.into_raw(), PixelType::U8x4);
    let from = from.map_err(|_| Rule::NotAnImage)?;
    let mut to = Image::new(width, height, PixelType::U8x4);
    Resizer::new().resize(&from, &mut to, None).map_err(|_| Rule::NotAnImage)?;
    RgbaImage::from_raw(width, height, to.into_vec()).ok_or(Rule::NotAnImage)
}

fn encoded(picture: RgbaImage) -> Result<Vec<u8>, Rule> {
    let (width, height) = picture.dimensions();
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let (pixels, color) = if is_opaque {
        (DynamicImage::from(picture).into_rgb8().into_raw(), ExtendedColorType::Rgb8)
    } else {
        (picture.into_raw(), ExtendedColorType::Rgba8)
    };
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive)
        .write_image(&pixels, width, height, color)
        .map_err(|_| Rule::NotAnImage)?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView, Rgba, codecs::jpeg::JpegEncoder};
    use proptest::prelude::*;

    use super::*;

    const RED: Rgba<u8> = Rgba([220, 30, 30, 255]);
    const BLUE: Rgba<u8> = Rgba([30, 30, 220, 255]);

    /// Red on the left, blue on the right.
    fn halves(width: u32, height: u32) -> DynamicImage {
        RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE }).into()
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image.clone() };
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn read(picture: &Picture) -> DynamicImage {
        let image = image::load_from_memory_with_format(&picture.png, ImageFormat::Png).unwrap();
        assert_eq!(image.dimensions(), (picture.width, picture.height));
        image
    }

    #[track_caller]
    fn is_about(pixel: Rgba<u8>, wanted: Rgba<u8>) {
        assert!(pixel.0.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) < 24), "{pixel:?} is not about {wanted:?}");
    }

    /// A chunk of a PNG.
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let crc = [kind.as_slice(), data].concat().iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        [&u32::try_from(data.len()).unwrap().to_be_bytes(), kind.as_slice(), data, &(!crc).to_be_bytes()].concat()
    }

    #[test]
    fn a_square_is_cut_from_the_middle() {
        // Red, blue, red: what is left is blue.
        let wide = RgbaImage::from_fn(900, 300, |x, _| if (300..600).contains(&x) { BLUE } else { RED });
        let picture = squared(&written(&wide.into(), ImageFormat::Png), 256).unwrap();
        assert_eq!((picture.width, picture.height), (256, 256));
        let square = read(&picture);
        for (x, y) in [(2, 2), (253, 2), (2, 253), (128, 128)] {
            is_about(square.get_pixel(x, y), BLUE);
        }
        let tall = squared(&written(&halves(100, 301), ImageFormat::Jpeg), 256).unwrap();
        assert_eq!((tall.width, tall.height), (100, 100));
    }

    #[test]
    fn every_format_becomes_a_png_that_fits_and_keeps_its_proportions() {
        for format in FORMATS {
            let picture = reencoded(&written(&halves(1200, 300), format), 512).unwrap();
            assert_eq!((picture.width, picture.height), (512, 128), "{format:?}");
            let image = read(&picture);
            is_about(image.get_pixel(100, 64), RED);
            is_about(image.get_pixel(400, 64), BLUE);
        }
        assert_eq!(fitting(1, 5000, 512), (1, 512));
        assert_eq!(fitting(512, 512, 512), (512, 512));
    }

    #[test]
    fn a_small_picture_does_not_grow_and_the_same_one_gives_the_same_bytes() {
        let picture = reencoded(&written(&halves(40, 20), ImageFormat::Png), 512).unwrap();
        assert_eq!((picture.width, picture.height), (40, 20));
        assert_eq!(reencoded(&picture.png, 512), Ok(picture));
    }

    #[test]
    fn transparency_stays_and_its_hidden_colour_does_not_seep_out() {
        // White, with black hidden in what is transparent around it.
        let around = |x: u32| !(200..800).contains(&x);
        let image = RgbaImage::from_fn(1000, 1000, |x, y| {
            if around(x) || around(y) { Rgba([0, 0, 0, 0]) } else { Rgba([255, 255, 255, 255]) }
        });
        let picture = read(&reencoded(&written(&image.into(), ImageFormat::Png), 333).unwrap()).into_rgba8();
        assert_eq!(picture.get_pixel(5, 5).0[3], 0);
        for pixel in picture.pixels().filter(|pixel| pixel.0[3] > 8) {
            assert!(pixel.0[..3].iter().all(|channel| *channel > 235), "{pixel:?}");
        }
    }

    #[test]
    fn a_photograph_is_turned_upright_and_forgets_where_it_was_taken() {
        // EXIF: little endian, one entry, orientation 6 (turn right).
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS 45.76 N";
        let mut jpeg = written(&halves(80, 40), ImageFormat::Jpeg);
        let segment = [b"\xFF\xE1".as_slice(), &u16::try_from(exif.len() + 2).unwrap().to_be_bytes(), exif].concat();
        jpeg.splice(2..2, segment);
        let picture = reencoded(&jpeg, 512).unwrap();
        assert_eq!((picture.width, picture.height), (40, 80));
        is_about(read(&picture).get_pixel(20, 10), RED);
        assert!(!picture.png.windows(3).any(|part| part == b"GPS"));
    }

    #[test]
    fn what_hides_in_or_behind_a_picture_is_left_behind() {
        let mut png = written(&halves(40, 20), ImageFormat::Png);
        let hidden = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>");
        png.splice(33..33, hidden); // After the signature and the header.
        png.extend_from_slice(b"PK\x03\x04<script>alert(2)</script>");
        let picture = reencoded(&png, 512).unwrap();
        assert!(!picture.png.windows(7).any(|part| part == b"<script"));
        assert_eq!(picture, reencoded(&written(&halves(40, 20), ImageFormat::Png), 512).unwrap());
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = written(&halves(40, 20), ImageFormat::Png);
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        let disguised = [&png[..8], b"<html><script>alert(1)</script></html>"].concat();
        for bytes in [b"".as_slice(), b"%PDF-1.7", svg, b"BM\x3a\0\0\0", &disguised, &png[..png.len() / 2], b"GIF89a"] {
            assert_eq!(reencoded(bytes, 512), Err(Rule::NotAnImage), "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_by_its_header() {
        let started = std::time::Instant::now();
        for (width, height) in [(30_000_u32, 30_000_u32), (20_000, 20_000), (25_001, 1), (u32::MAX >> 1, 1)] {
            let header = [&width.to_be_bytes(), &height.to_be_bytes(), [8, 6, 0, 0].as_slice(), &[0]].concat();
            let bomb = [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &header), &chunk(b"IDAT", &[0; 40])].concat();
            assert_eq!(reencoded(&bomb, 512), Err(too_large()), "{width} × {height}");
        }
        let mut gif = written(&halves(40, 20), ImageFormat::Gif);
        gif[6..10].copy_from_slice(&[0x30, 0x75, 0x30, 0x75]);
        assert_eq!(reencoded(&gif, 512), Err(too_large()));
        assert!(started.elapsed().as_secs() < 5);
    }

    #[test]
    fn a_jpeg_says_its_size_in_its_header_too() {
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode_image(&halves(40, 20).to_rgb8()).unwrap();
        let frame = jpeg.windows(2).position(|marker| marker == b"\xFF\xC0").unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
        assert_eq!(reencoded(&jpeg, 512), Err(too_large()));
    }

    proptest! {
        #[test]
        fn any_bytes_at_all_give_an_answer(format in 0_usize..4, damage in prop::collection::vec((any::<usize>(), any::<u8>()), 0..20)) {
            let mut bytes = written(&halves(30, 20), FORMATS[format]);
            for (at, byte) in damage {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            if let Ok(picture) = reencoded(&bytes, 16) {
                prop_assert!(picture.width <= 16 && picture.height <= 16);
            }
        }
    }
}
