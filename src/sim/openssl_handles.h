// Owners of OpenSSL's things. For .cpp files of this room only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace zonepin::sim {

template <auto Free>
struct OpensslDelete {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

using BioHandle = std::unique_ptr<BIO, OpensslDelete<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslDelete<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, OpensslDelete<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, OpensslDelete<EVP_MD_CTX_free>>;
using NumberHandle = std::unique_ptr<BIGNUM, OpensslDelete<BN_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, OpensslDelete<ECDSA_SIG_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslDelete<OSSL_PARAM_BLD_free>>;
using ParamList = std::unique_ptr<OSSL_PARAM, OpensslDelete<OSSL_PARAM_free>>;
using CertificateHandle = std::unique_ptr<X509, OpensslDelete<X509_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, OpensslDelete<X509_EXTENSION_free>>;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline BioHandle memory_bio(std::string_view text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace zonepin::sim
